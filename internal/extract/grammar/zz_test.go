package grammar
import ("testing";"fmt";"os";"bufio";"encoding/json";"context";"sort"
"github.com/pactloop/pactloop/internal/document"
"github.com/pactloop/pactloop/internal/extract")
func TestZZ(t *testing.T){
 f,_:=os.Open("/tmp/h-speed/docs.jsonl"); s:=bufio.NewScanner(f); s.Buffer(make([]byte,1<<20),1<<30)
 n:=0
 for i:=0;i<400&&s.Scan();i++{ if i%8!=0 {continue}; var x struct{Name string; D *document.Document}; json.Unmarshal(s.Bytes(),&x); n++
  New().Extract(context.Background(),x.D,extract.FullSchema())}
 var k []string; for w:=range ZZ {k=append(k,w)}; sort.Slice(k,func(a,b int)bool{return ZZ[k[a]]>ZZ[k[b]]})
 fmt.Println(n,"docs")
 for _,w:=range k { fmt.Printf("%d %q\n",ZZ[w],w)}
}
