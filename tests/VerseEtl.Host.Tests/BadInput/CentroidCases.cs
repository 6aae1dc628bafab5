using System.Text;
using VerseEtl.Transform.Findings;
using static VerseEtl.Host.Tests.BadInput.TwoScans;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Centroid files and sidecars as they should not be.</summary>
internal static class CentroidCases
{
    private const string Direction = """{"direction":["R","A","S"]}""",
        Upper = """{"label":20,"X":7.5,"Y":5.5,"Z":14.0}""", Lower = """{"label":21,"X":7.5,"Y":5.5,"Z":4.5}""";

    public static IEnumerable<FaultCase> All =>
    [
        new("no centroid file", Faults.CtdMissing, scans => scans.Delete(Centroids)),
        Text("centroid file of 0 bytes", Faults.CtdEmpty, ""),
        Text("centroid file cut", Faults.CtdNotJson, $"[{Direction},{Upper},{{\"lab"),
        Text("centroid file is a web page", Faults.CtdNotJson, "<html>John Doe</html>"),
        new("centroid file in UTF-16", Faults.CtdEncoding, scans => scans.Write(Centroids, [0xff, 0xfe, .. Encoding.Unicode.GetBytes(SoundCentroids)])),
        new("centroid file with a byte that is not UTF-8", Faults.CtdEncoding, scans =>
            scans.Write(Centroids, [.. Encoding.UTF8.GetBytes($"[{Direction},{{\"name\":\""), 0xe9, .. "\"}]"u8])),
        new("centroid file with a byte order mark", Faults.CtdBom, scans =>
            scans.Write(Centroids, [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(SoundCentroids)])),
        Text("centroid file of 2 MiB", Faults.CtdTooBig, $"[{Direction},{Upper}{new string(' ', 2 << 20)}]"),
        Text("centroid file too deep", Faults.CtdTooBig, $"[{Direction},{new string('[', 500)}{new string(']', 500)}]"),
        Text("centroid file of 300 entries", Faults.CtdTooBig, $"[{Direction}{string.Concat(Enumerable.Repeat("," + Upper, 300))}]"),
        Text("a coordinate NaN", Faults.CtdNan, $"[{Direction},{Upper},{{\"label\":21,\"X\":NaN,\"Y\":5.5,\"Z\":-Infinity}}]"),
        Text("a coordinate null and one beyond doubles", Faults.CtdNan,
            $"[{Direction},{{\"label\":20,\"X\":null,\"Y\":1,\"Z\":1}},{{\"label\":21,\"X\":1e999,\"Y\":5.5,\"Z\":1}}]"),
        Text("no direction", Faults.CtdNoDirection, $"[{Upper},{Lower}]"),
        Text("direction last", Faults.CtdDirectionPlace, $"[{Upper},{Lower},{Direction}]"),
        Text("direction twice", Faults.CtdAxes, $"[{Direction},{Direction},{Upper}]"),
        Text("direction of no axes", Faults.CtdAxes, $"[{{\"direction\":[\"X\",\"Y\",\"Z\"]}},{Upper}]"),
        Text("direction names an axis twice", Faults.CtdAxes, $"[{{\"direction\":[\"R\",\"L\",\"S\"]}},{Upper}]"),
        Text("direction is a person", Faults.CtdAxes, $"[{{\"direction\":\"John Doe\"}},{Upper}]"),
        Text("direction in lower case", Faults.CtdAxesCase, $"[{{\"direction\":[\"r\",\"a\",\"s\"]}},{Upper},{Lower}]"),
        Text("a label twice", Faults.CtdDupLabel, $"[{Direction},{Upper},{Lower},{Upper}]"),
        Text("a key twice", Faults.CtdDupKey, $"[{Direction},{{\"label\":20,\"label\":21,\"X\":1,\"Y\":1,\"Z\":1}}]"),
        Text("a label with a fraction", Faults.CtdType, $"[{Direction},{Upper},{{\"label\":20.5,\"X\":1,\"Y\":1,\"Z\":1}}]"),
        Text("a label that is true", Faults.CtdType, $"[{Direction},{Upper},{{\"label\":true,\"X\":1,\"Y\":1,\"Z\":1}}]"),
        Text("a coordinate missing", Faults.CtdType, $"[{Direction},{Upper},{{\"label\":21,\"X\":1,\"Y\":1}}]"),
        Text("a coordinate that is text", Faults.CtdType, $"[{Direction},{Upper},{{\"label\":21,\"X\":\"John Doe\",\"Y\":1,\"Z\":1}}]"),
        Text("a coordinate beyond any volume", Faults.CtdType, $"[{Direction},{Upper},{{\"label\":21,\"X\":1e300,\"Y\":1,\"Z\":1}}]"),
        Text("centroid file is an object", Faults.CtdType, Direction),
        Text("a label as text", Faults.CtdLabelText, $"[{Direction},{Upper},{{\"label\":\"21\",\"X\":7.5,\"Y\":5.5,\"Z\":14.5}}]"),
        Text("other keys", Faults.CtdUnknownKey, $"[{Direction},{Upper},{{\"label\":21,\"X\":7.5,\"Y\":5.5,\"Z\":14.5,\"reader\":\"John Doe\"}}]"),
        Text("points of another zoom", Faults.CtdConverted, $"[{{\"direction\":[\"R\",\"A\",\"S\"],\"zoom\":[1.5,3,4],\"shape\":[32,12,20]}},"
            + "{\"label\":20,\"X\":15,\"Y\":5.5,\"Z\":14},{\"label\":21,\"X\":15,\"Y\":5.5,\"Z\":4.5}]"),
        Text("points of a grid elsewhere", Faults.CtdGrid, $"[{{\"direction\":[\"R\",\"A\",\"S\"],\"zoom\":[1,1,1],\"shape\":[9,9,9]}},{Upper},{Lower}]"),
        Text("TPTBox's old list", Faults.CtdFormat, "[{\"vert_label\":\"20\",\"50\":\"(7.5, 5.5, 5.0)\"}]"),
        Text("points of other places", Faults.CtdSubregion, $"[{Direction},{Upper},{Lower},{{\"label\":10516,\"X\":1,\"Y\":1,\"Z\":1}}]"),
        Text("a label outside 1 to 28", Faults.CtdLabelUnknown, $"[{Direction},{Upper},{Lower},{{\"label\":45,\"X\":1,\"Y\":1,\"Z\":1}}]"),
        new("sidecar cut", Faults.SidecarUnreadable, scans => scans.Write(Sidecar, "{\"KVP\": 12")),
        new("sidecar with a list for a name", Faults.SidecarUnreadable, scans => scans.Write(Sidecar, "{\"KVP\": 120, \"Manufacturer\": [\"John Doe\"]}")),
        new("sidecar with a person for a maker", Faults.SidecarUnknown, scans => scans.Write(Sidecar, "{\"KVP\": 120, \"Manufacturer\": \"John Doe\"}")),
    ];

    private static FaultCase Text(string name, Fault fault, string text) => new(name, fault, scans => scans.Write(Centroids, text));
}
