package testbrowser_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/rp"
)

var pictureFile = flag.String("picture", "", "where to write the picture for README.md (make picture)")

// The picture: two windows beside each other, in pixels of a screen that has two for a CSS pixel.
const (
	pictureDensity = 2
	pictureWidth   = 340 // of a window, in CSS pixels
	pictureHeight  = 474
	pictureGap     = 20
	pictureCorner  = 10
)

// TestPicture takes the picture for the README: the dialog that a new person sees, in light, and the one that they see when they come
// back, in dark.
func TestPicture(t *testing.T) {
	t.Parallel()
	const site = "seedswap.example"
	w := testbrowser.NewWorld(t)
	swap, err := rp.New(rp.Config{
		Origin: browserid.Origin(w.URL(site, "")), HostURL: w.URL(testbrowser.Host, ""), Verifier: w.Verifier(site, nil),
	})
	require.NoError(t, err)
	w.Handle(site, swap)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	v := &viewer{flow: newFlow(t, w, b, site)}
	v.open("enter")
	first := v.photograph("light")
	v.press("#cancel")
	v.dialog.WaitClosed()
	v.remember("alice@mail.example")
	v.open("pick")
	second := v.photograph("dark")

	picture := sideBySide(first, second)
	var encoded bytes.Buffer
	require.NoError(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&encoded, picture))
	assert.Less(t, encoded.Len(), 200_000, "a README should load fast")
	if *pictureFile != "" {
		require.NoError(t, os.WriteFile(*pictureFile, encoded.Bytes(), 0o644))
	}
}

// photograph takes a picture of the dialog in a colour scheme.
func (v *viewer) photograph(scheme string) image.Image {
	v.t.Helper()
	v.dialog.DenseViewport(pictureWidth, pictureHeight, pictureDensity)
	v.dialog.Prefer("prefers-color-scheme", scheme)
	v.dialog.Wait(atRest)
	picture, err := png.Decode(bytes.NewReader(v.dialog.Screenshot()))
	require.NoError(v.t, err)
	require.Equal(v.t, image.Pt(pictureWidth, pictureHeight).Mul(pictureDensity), picture.Bounds().Size())
	return picture
}

// sideBySide puts pictures beside each other, each with round corners and a hairline around it, on nothing.
func sideBySide(pictures ...image.Image) image.Image {
	step := (pictureWidth + pictureGap) * pictureDensity
	all := image.NewNRGBA(image.Rect(0, 0, step*len(pictures)-pictureGap*pictureDensity, pictureHeight*pictureDensity))
	for i, picture := range pictures {
		frame := picture.Bounds().Sub(picture.Bounds().Min)
		at := frame.Add(image.Pt(i*step, 0))
		draw.DrawMask(all, at, image.NewUniform(color.Gray{Y: 0x80}), image.Point{}, rounded{frame, 0}, image.Point{}, draw.Over)
		draw.DrawMask(all, at, picture, picture.Bounds().Min, rounded{frame, 1}, image.Point{}, draw.Over)
	}
	return all
}

// rounded is a rectangle with round corners as a mask, less an edge of some pixels.
type rounded struct {
	bounds image.Rectangle
	edge   float64
}

func (r rounded) ColorModel() color.Model { return color.AlphaModel }
func (r rounded) Bounds() image.Rectangle { return r.bounds }

// At covers a pixel by how far it is from the outline.
func (r rounded) At(x, y int) color.Color {
	const corner = pictureCorner * pictureDensity
	beyond := func(at, length int) float64 { // how far the pixel is out of the part without corners
		return math.Max(math.Abs(float64(at)+0.5-float64(length)/2)-float64(length)/2+corner, 0)
	}
	distance := math.Hypot(beyond(x, r.bounds.Dx()), beyond(y, r.bounds.Dy()))
	return color.Alpha{A: uint8(255 * math.Min(math.Max(corner-r.edge-distance+0.5, 0), 1))}
}
