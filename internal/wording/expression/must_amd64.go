package expression

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// seeks tells whether this processor seeks.
func seeks() bool { return cpu.X86.HasAVX2 }

// seek gives the first place from which three letters may be those of a word, or at which a letter is not of ASCII; negative where
// there is none. The text must have shortText bytes at least.
func seek(masks *[6][16]byte, s string, from int) int {
	return seekWide(masks, unsafe.StringData(s), len(s), from)
}

//go:noescape
func seekWide(masks *[6][16]byte, s *byte, n, from int) int
