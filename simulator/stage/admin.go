package stage

import (
	"io"
	"net/http"
)

func (s *Server) routes() {
	m := s.admin
	m.Handle("/_sim/clock", s.cfg.Clock.Handler())
	m.HandleFunc("GET /_sim/faults", s.getFaults)
	m.HandleFunc("POST /_sim/faults", s.postFaults)
	m.HandleFunc("DELETE /_sim/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.Clear()
		w.WriteHeader(http.StatusNoContent)
	})
	m.HandleFunc("GET /_sim/state", func(w http.ResponseWriter, _ *http.Request) { WriteJSON(w, http.StatusOK, s.cfg.World.State()) })
	m.HandleFunc("DELETE /_sim/state", func(w http.ResponseWriter, _ *http.Request) {
		s.cfg.World.Reset()
		s.log.clear()
		w.WriteHeader(http.StatusNoContent)
	})
	m.HandleFunc("POST /_sim/seed", s.postSeed)
	m.HandleFunc("GET /_sim/requests", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, map[string]any{"requests": s.log.log()})
	})
	m.HandleFunc("DELETE /_sim/requests", func(w http.ResponseWriter, _ *http.Request) {
		s.log.clear()
		w.WriteHeader(http.StatusNoContent)
	})
	m.HandleFunc("GET /_sim/effects", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, map[string]any{"effects": s.log.counted()})
	})
	for pattern, h := range s.cfg.Admin {
		m.Handle(pattern, h)
	}
	m.HandleFunc("/_sim/", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusNotFound, problem("this simulator has no such administration"))
	})
	m.HandleFunc("GET /{$}", s.page)
}

func (s *Server) getFaults(w http.ResponseWriter, _ *http.Request) {
	WriteJSON(w, http.StatusOK, map[string]any{"faults": s.faults.List()})
}

func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		WriteJSON(w, http.StatusRequestEntityTooLarge, problem("too many faults at once"))
		return
	}
	list, err := decodeFaults(raw)
	if err == nil {
		err = s.faults.Add(list...)
	}
	if err != nil {
		WriteJSON(w, http.StatusBadRequest, problem(err.Error()))
		return
	}
	s.getFaults(w, r)
}

func (s *Server) postSeed(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		WriteJSON(w, http.StatusRequestEntityTooLarge, problem("the seed is too large"))
		return
	}
	if err := s.cfg.World.Seed(r.Context(), raw, s.cfg.Files); err != nil {
		WriteJSON(w, http.StatusBadRequest, problem(err.Error()))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
