package cloud

import (
	"testing"

	"github.com/pactloop/pactloop/internal/document"
)

// sound fails where an answer became words outside the picture.
func sound(t *testing.T, seen document.Recognised, p document.Picture) {
	t.Helper()
	for _, w := range seen.Words {
		b := w.Box
		if !(0 <= b.Left && b.Left <= b.Right && b.Right <= float64(p.Width) && 0 <= b.Top && b.Top <= b.Bottom && b.Bottom <= float64(p.Height)) || !(w.Confidence >= 0 && w.Confidence <= 1) {
			t.Errorf("word %+v", w)
		}
	}
}

func FuzzAzureAnswer(f *testing.F) {
	f.Add([]byte(`{"status":"succeeded","analyzeResult":{"pages":[{"width":10,"height":10,"words":[{"content":"x","polygon":[1,2,3,4,5,6,7,8],"confidence":0.5,"span":{"offset":0,"length":1}}],"lines":[{"spans":[{"offset":0,"length":1}]}]}],"tables":[{"cells":[{"boundingRegions":[{"pageNumber":1,"polygon":[1,1,2,2]}]}]}]}}`))
	f.Add([]byte(`{"status":"running"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p := document.Picture{Width: 100, Height: 200}
		var o azureOperation
		if decode(body, &o) != nil {
			return
		}
		if seen, err := o.AnalyzeResult.recognised(p); err == nil {
			sound(t, seen, p)
		}
	})
}

func FuzzTextractAnswer(f *testing.F) {
	f.Add([]byte(`{"Blocks":[{"BlockType":"LINE","Id":"l","Relationships":[{"Type":"CHILD","Ids":["w"]}]},{"BlockType":"WORD","Id":"w","Text":"x","Confidence":99,"Geometry":{"BoundingBox":{"Left":0.1,"Top":0.1,"Width":0.1,"Height":0.1}}}]}`))
	f.Add([]byte(`{"__type":"ThrottlingException"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p := document.Picture{Width: 100, Height: 200}
		_ = refusal(reply{status: 400, body: body})
		var a textractAnswer
		if decode(body, &a) != nil {
			return
		}
		if seen, err := a.recognised(p); err == nil {
			sound(t, seen, p)
		}
	})
}
