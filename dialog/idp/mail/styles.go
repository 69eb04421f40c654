package mail

import "html/template"

// styles are the inline styles of letters, in the light colours of the dialog.
// Mail programs that know prefers-color-scheme get the dark ones by class
// (layout.html).
var styles = map[string]template.CSS{
	"heading":    "margin:0 0 12px;font-size:24px;line-height:30px;font-weight:700;color:#14211f",
	"subheading": "margin:0 0 10px;font-size:16px;line-height:24px;font-weight:700;color:#14211f",
	"text":       "margin:0 0 16px;font-size:16px;line-height:24px;color:#14211f",
	"quiet":      "margin:0 0 24px;font-size:14px;line-height:21px;color:#54625f",
	"address":    "overflow-wrap:anywhere;word-break:break-word",
	"words":      panel + ";padding:14px 16px;font-size:22px;line-height:30px;font-weight:600",
	"facts":      panel + ";padding:14px 18px;font-size:16px;line-height:24px",
	"code":       panel + ";padding:14px 8px 14px 16px;font-family:" + digits + ";font-size:40px;line-height:48px;font-weight:700;letter-spacing:8px;white-space:nowrap",
	"button":     "display:block;padding:14px 20px;border-radius:10px;background:#0b6b66;color:#ffffff;font-size:16px;line-height:22px;font-weight:600;text-decoration:none",
}

const (
	panel  = "background:#edf5f4;border:1px solid #dbe2e0;border-radius:10px;color:#14211f"
	digits = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace"
)

func css(name string) template.CSS { return styles[name] }
