package evaluate

import (
	"strconv"
	"testing"
)

func givenField(levels ...[3]int) *Field { // confidence in hundredths, right, all
	f := &Field{Name: "x", bins: map[string]*bin{}}
	for _, l := range levels {
		f.bins[strconv.FormatFloat(float64(l[0])/100, 'f', -1, 64)] = &bin{right: l[1], all: l[2]}
	}
	return f
}

func TestNoiseTellsAnErrorFromFewValues(t *testing.T) {
	t.Parallel()
	// Of values that were believed as often as they are right, few show an error and many do not.
	few := givenField([3]int{55, 6, 10}, [3]int{65, 6, 10}, [3]int{75, 8, 10}, [3]int{85, 8, 10}).Calibration()
	many := givenField([3]int{55, 5600, 10000}, [3]int{65, 6500, 10000}, [3]int{75, 7500, 10000}, [3]int{85, 8500, 10000}).Calibration()
	if few.Noise < 0.08 || few.Noise > 0.13 || few.AsFar < 0.8 {
		t.Errorf("few: %+v", few)
	}
	if many.Noise > 0.005 || many.Error > 0.003 {
		t.Errorf("many: %+v", many)
	}
	// A confidence that is wrong is told from noise where there are enough values to tell it.
	if off := givenField([3]int{90, 60, 100}).Calibration(); off.AsFar > 0.001 || off.Error < 0.29 || off.Noise > 0.03 {
		t.Errorf("off: %+v", off)
	}
	if again := givenField([3]int{90, 60, 100}).Calibration(); again != givenField([3]int{90, 60, 100}).Calibration() {
		t.Error("the drawings differ from run to run")
	}
}

func TestEvenBinsHoldAsManyValuesEach(t *testing.T) {
	t.Parallel()
	// Two levels that are off in opposite ways are told apart where there are values for two bins, and not where there are none.
	if c := givenField([3]int{71, 20, 20}, [3]int{79, 10, 20}).Calibration(); !near(c.Even, (20-0.71*20+0.79*20-10)/40) {
		t.Errorf("two bins: %+v", c)
	}
	if c := givenField([3]int{71, 5, 5}, [3]int{79, 2, 5}).Calibration(); !near(c.Even, (0.71*5+0.79*5-7)/10) {
		t.Errorf("one bin: %+v", c)
	}
	if c := givenField([3]int{71, 30, 60}).Calibration(); !near(c.Even, 0.21) {
		t.Errorf("values of one confidence stay together: %+v", c)
	}
	if c := calibration(nil); c.Even != 0 || c.Noise != 0 || c.Given != 0 {
		t.Errorf("nothing: %+v", c)
	}
}
