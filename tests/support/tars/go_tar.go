// SPDX-License-Identifier: MIT

// go_tar TREE OUT: archive/tar with the headers that it makes from file information, and compress/gzip.
package main

import (
	"archive/tar"
	"compress/gzip"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	tree := os.Args[1]
	out, err := os.Create(os.Args[2])
	must(err)
	packed := gzip.NewWriter(out)
	archive := tar.NewWriter(packed)
	must(filepath.Walk(tree, func(path string, info fs.FileInfo, err error) error {
		must(err)
		name, err := filepath.Rel(tree, path)
		must(err)
		header, err := tar.FileInfoHeader(info, "")
		must(err)
		header.Name = filepath.ToSlash(name)
		if info.IsDir() {
			header.Name += "/"
		}
		must(archive.WriteHeader(header))
		if info.Mode().IsRegular() {
			file, err := os.Open(path)
			must(err)
			_, err = io.Copy(archive, file)
			must(err)
			must(file.Close())
		}
		return nil
	}))
	must(archive.Close())
	must(packed.Close())
	must(out.Close())
}
