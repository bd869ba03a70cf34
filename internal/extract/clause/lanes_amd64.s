#include "textflag.h"

// func addWide(z *[wide]float32, rows *float32, list *portion, n int)
//
// All sums stay in registers. A product is rounded before it is added, as Go does it on this processor. The row that comes eight
// later is fetched meanwhile: the rows of all keys are larger than the caches near to a processor.
TEXT ·addWide(SB), NOSPLIT, $0-32
	MOVQ z+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ list+16(FP), DX
	MOVQ n+24(FP), CX
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS 64(DI), Y2
	VMOVUPS 96(DI), Y3
	VMOVUPS 128(DI), Y4
	VMOVUPS 160(DI), Y5
	VMOVUPS 192(DI), Y6
	VMOVUPS 224(DI), Y7
	TESTQ CX, CX
	JLE addDone

addNext:
	CMPQ CX, $8
	JLE addRow
	MOVL 64(DX), BX
	SHLQ $8, BX
	PREFETCHT0 (SI)(BX*1)
	PREFETCHT0 64(SI)(BX*1)
	PREFETCHT0 128(SI)(BX*1)
	PREFETCHT0 192(SI)(BX*1)

addRow:
	MOVL (DX), AX
	VBROADCASTSS 4(DX), Y8
	SHLQ $8, AX
	VMULPS (SI)(AX*1), Y8, Y9
	VMULPS 32(SI)(AX*1), Y8, Y10
	VMULPS 64(SI)(AX*1), Y8, Y11
	VMULPS 96(SI)(AX*1), Y8, Y12
	VADDPS Y9, Y0, Y0
	VADDPS Y10, Y1, Y1
	VADDPS Y11, Y2, Y2
	VADDPS Y12, Y3, Y3
	VMULPS 128(SI)(AX*1), Y8, Y9
	VMULPS 160(SI)(AX*1), Y8, Y10
	VMULPS 192(SI)(AX*1), Y8, Y11
	VMULPS 224(SI)(AX*1), Y8, Y12
	VADDPS Y9, Y4, Y4
	VADDPS Y10, Y5, Y5
	VADDPS Y11, Y6, Y6
	VADDPS Y12, Y7, Y7
	ADDQ $8, DX
	DECQ CX
	JNZ addNext

addDone:
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VMOVUPS Y4, 128(DI)
	VMOVUPS Y5, 160(DI)
	VMOVUPS Y6, 192(DI)
	VMOVUPS Y7, 224(DI)
	VZEROUPPER
	RET

// func countDeep(lanes *[deep]uint32, rows *byte, list *times, n int)
TEXT ·countDeep(SB), NOSPLIT, $0-32
	MOVQ lanes+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ list+16(FP), DX
	MOVQ n+24(FP), CX
	VMOVDQU (DI), Y0
	VMOVDQU 32(DI), Y1
	VMOVDQU 64(DI), Y2
	VMOVDQU 96(DI), Y3
	TESTQ CX, CX
	JLE countDone

countNext:
	CMPQ CX, $8
	JLE countRow
	MOVL 64(DX), BX
	PREFETCHT0 (SI)(BX*1)

countRow:
	MOVL (DX), AX
	VPBROADCASTD 4(DX), Y8
	VPMOVZXBD (SI)(AX*1), Y9
	VPMOVZXBD 8(SI)(AX*1), Y10
	VPMOVZXBD 16(SI)(AX*1), Y11
	VPMOVZXBD 24(SI)(AX*1), Y12
	VPMULLD Y8, Y9, Y9
	VPMULLD Y8, Y10, Y10
	VPMULLD Y8, Y11, Y11
	VPMULLD Y8, Y12, Y12
	VPADDD Y9, Y0, Y0
	VPADDD Y10, Y1, Y1
	VPADDD Y11, Y2, Y2
	VPADDD Y12, Y3, Y3
	ADDQ $8, DX
	DECQ CX
	JNZ countNext

countDone:
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VZEROUPPER
	RET
