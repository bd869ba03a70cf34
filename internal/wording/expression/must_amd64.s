#include "textflag.h"

// func seekWide(masks *[6][16]byte, s *byte, n, from int) int
//
// The packed search of Hyperscan ("Teddy"): a letter is looked up by its low and by its high half in tables of 16, each of which
// tells the buckets of words that have such a letter first, second or third; a bucket that is left over all six looks may begin
// there. 32 places are told at once; the last of them end with the text, so that nothing behind it is read.
TEXT ·seekWide(SB), NOSPLIT, $0-40
	MOVQ masks+0(FP), DI
	MOVQ s+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ from+24(FP), AX
	VBROADCASTI128 (DI), Y1
	VBROADCASTI128 16(DI), Y2
	VBROADCASTI128 32(DI), Y3
	VBROADCASTI128 48(DI), Y4
	VBROADCASTI128 64(DI), Y5
	VBROADCASTI128 80(DI), Y6
	MOVQ $0x0f0f0f0f0f0f0f0f, BX
	VMOVQ BX, X0
	VPBROADCASTQ X0, Y0
	VPXOR Y15, Y15, Y15
	SUBQ $34, CX              // the last place from which 32 are told
	MOVQ $-1, R8              // places that are told
	CMPQ AX, CX
	JLE seekBlock

seekLast:
	// fewer are left: those before from are told again and passed over
	MOVQ AX, R9
	SUBQ CX, R9
	CMPQ R9, $34
	JGE seekNone
	MOVQ $-1, R8
	CMPQ R9, $32
	JGE seekEnd               // only the last two letters are left: nothing begins there, but they may not be of ASCII
	MOVQ CX, AX
	MOVQ R9, CX
	SHLQ CX, R8
	MOVQ AX, CX

seekBlock:
	VMOVDQU (SI)(AX*1), Y7
	VMOVDQU 1(SI)(AX*1), Y8
	VMOVDQU 2(SI)(AX*1), Y9
	VPMOVMSKB Y7, R10
	VPAND Y0, Y7, Y10
	VPSHUFB Y10, Y1, Y10
	VPSRLW $4, Y7, Y11
	VPAND Y0, Y11, Y11
	VPSHUFB Y11, Y2, Y11
	VPAND Y10, Y11, Y12
	VPAND Y0, Y8, Y10
	VPSHUFB Y10, Y3, Y10
	VPSRLW $4, Y8, Y11
	VPAND Y0, Y11, Y11
	VPSHUFB Y11, Y4, Y11
	VPAND Y10, Y11, Y10
	VPAND Y10, Y12, Y12
	VPAND Y0, Y9, Y10
	VPSHUFB Y10, Y5, Y10
	VPSRLW $4, Y9, Y11
	VPAND Y0, Y11, Y11
	VPSHUFB Y11, Y6, Y11
	VPAND Y10, Y11, Y10
	VPAND Y10, Y12, Y12
	VPCMPEQB Y15, Y12, Y12
	VPMOVMSKB Y12, R11
	NOTL R11
	ORL R10, R11
	ANDL R8, R11
	JNZ seekFound
	MOVQ $-1, R8
	CMPQ AX, CX
	JGE seekEnd
	ADDQ $32, AX
	CMPQ AX, CX
	JLE seekBlock
	JMP seekLast

seekFound:
	BSFL R11, R11
	ADDQ R11, AX
	VZEROUPPER
	MOVQ AX, ret+32(FP)
	RET

seekEnd:
	// the last two letters, which begin no three
	MOVWLZX 32(SI)(CX*1), R10
	TESTL $0x8080, R10
	JZ seekNone
	LEAQ 32(CX), AX
	TESTL $0x80, R10
	JNZ seekAt
	INCQ AX

seekAt:
	VZEROUPPER
	MOVQ AX, ret+32(FP)
	RET

seekNone:
	VZEROUPPER
	MOVQ $-1, ret+32(FP)
	RET
