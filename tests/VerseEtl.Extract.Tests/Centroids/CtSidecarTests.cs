using System.Text;
using VerseEtl.Extract.Centroids;

namespace VerseEtl.Extract.Tests.Centroids;

public sealed class CtSidecarTests
{
    [Fact]
    public void Scanner_and_tube_voltage_are_text()
    {
        CtSidecar sidecar = Read("""{"dataset":"VERSE","KVP":"120","Manufacturer":"SIEMENS","ManufacturerModelName":"SOMATOM Definition AS+"}""");
        Assert.Equal(("120", "SIEMENS", "SOMATOM Definition AS+"), (sidecar.Kvp, sidecar.Manufacturer, sidecar.ManufacturerModelName));
        Assert.Empty(sidecar.Notes);
        Assert.Equal("120.0", Read("""{"KVP":120.0,"Slope":NaN}""").Kvp);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"KVP":null,"Manufacturer":"","kvp":"120"}""")]
    public void What_is_not_said_is_null(string text)
    {
        CtSidecar sidecar = Read(text);
        Assert.Equal((null, null, null), (sidecar.Kvp, sidecar.Manufacturer, sidecar.ManufacturerModelName));
        Assert.Empty(sidecar.Notes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"KVP\":")]
    [InlineData("{\"KVP\":\"1\",\"KVP\":\"2\"}")]
    [InlineData("{\"KVP\":[120]}")]
    [InlineData("{\"KVP\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1,\"KVP\":true}")]
    [InlineData("{\"a\":\"\0\"}")]
    public void Broken_content_is_one_note_and_nulls(string text)
    {
        CtSidecar sidecar = Read(text);
        Assert.Null(sidecar.Kvp);
        Assert.Equal("SIDECAR_UNREADABLE", Assert.Single(sidecar.Notes).Fault.Code);
    }

    [Fact]
    public void Text_is_one_line_of_at_most_256_characters()
    {
        Assert.Equal("a\\u000ab\\u001b\\u202e", Read("""{"Manufacturer":"a\nb\u001b\u202e"}""").Manufacturer);
        Assert.Equal(256, Read($$"""{"Manufacturer":"{{new string('x', 300)}}"}""").Manufacturer?.Length);
        Assert.Equal(new string('x', 255), Read($$"""{"Manufacturer":"{{new string('x', 255)}}😀"}""").Manufacturer);
    }

    [Fact]
    public void No_prefix_and_no_flipped_bit_fails()
    {
        byte[] content = Encoding.UTF8.GetBytes("""{"KVP": 120, "Manufacturer": "S\u00e9", "x": [NaN, {"y": "\\\""}], "ManufacturerModelName": "é"}""");
        for (int length = 0; length < content.Length; length++) Assert.Single(CtSidecar.Read(content.AsSpan(0, length)).Notes);
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            byte[] flipped = [.. content];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.InRange(CtSidecar.Read(flipped).Notes.Count, 0, 1);
        }
    }

    private static CtSidecar Read(string text) => CtSidecar.Read(Encoding.UTF8.GetBytes(text));
}
