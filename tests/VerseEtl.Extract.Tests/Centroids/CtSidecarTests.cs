using System.Text;
using VerseEtl.Extract.Centroids;

namespace VerseEtl.Extract.Tests.Centroids;

public sealed class CtSidecarTests
{
    [Fact]
    public void Scanner_and_tube_voltage_are_read()
    {
        CtSidecar sidecar = Read("""{"dataset":"VERSE","KVP":"120","Manufacturer":"SIEMENS","ManufacturerModelName":"SOMATOM Definition AS+"}""");
        Assert.Equal((120.0, "SIEMENS", "SOMATOM Definition AS+"), (sidecar.KilovoltPeak, sidecar.Manufacturer, sidecar.ManufacturerModelName));
        Assert.Empty(sidecar.Notes);
        Assert.Equal(120, Read("""{"KVP":120.0,"Slope":NaN}""").KilovoltPeak);
    }

    [Theory]
    [InlineData("GE MEDICAL SYSTEMS", "LightSpeed VCT")]
    [InlineData("GE MEDICAL SYSTEMS", "Discovery CT750 HD")]
    [InlineData("GE Healthcare", "LightSpeed16")]
    [InlineData("General Electric Company", "Revolution EVO")]
    [InlineData("Philips", "iCT 256")]
    [InlineData("Philips Medical Systems, Inc.", "IQon - Spectral CT")]
    [InlineData("Philips", "Ingenuity TF PET/CT")]
    [InlineData("Siemens Healthineers", "SOMATOM go.Top")]
    [InlineData("SIEMENS", "Emotion 16 (2010)")]
    [InlineData("SIEMENS", "Biograph128_mCT")]
    [InlineData("TOSHIBA", "Aquilion ONE")]
    [InlineData("Canon Medical Systems Corporation", "TOSHIBA Aquilion Prime SP")]
    [InlineData("UIH", "uCT 960+")]
    public void Scanners_are_known_by_the_words_of_their_makers(string maker, string model)
    {
        CtSidecar sidecar = Read($$"""{"Manufacturer":"{{maker}}","ManufacturerModelName":"{{model}}"}""");
        Assert.Equal((maker, model), (sidecar.Manufacturer, sidecar.ManufacturerModelName));
        Assert.Empty(sidecar.Notes);
    }

    [Theory]
    [InlineData("Mustermann Erika 1970-01-01")]
    [InlineData("SIEMENS Mustermann Erika")]
    [InlineData("SOMATOM 19700101")]
    [InlineData("Brilliance 64, Dr. Mustermann")]
    [InlineData("19700101")]
    [InlineData("256")]
    [InlineData("CT")]
    [InlineData("SIEMENS\\nPhilips")]
    [InlineData("Müller Brilliance")]
    public void Free_text_stays_out_and_out_of_the_note(string text)
    {
        CtSidecar sidecar = Read($$"""{"KVP":"{{text}}","Manufacturer":"{{text}}","ManufacturerModelName":"{{text}}"}""");
        Assert.Equal((text == "256" ? 256.0 : null, null, null), (sidecar.KilovoltPeak, sidecar.Manufacturer, sidecar.ManufacturerModelName));
        Assert.All(sidecar.Notes, note => Assert.Equal("SIDECAR_UNKNOWN", note.Fault.Code));
        Assert.DoesNotContain(sidecar.Notes, note => text.Split(' ').Any(word => note.Observed!.Contains(word, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("19")]
    [InlineData("301")]
    [InlineData("1e400")]
    [InlineData("\"120 kV\"")]
    public void What_is_no_voltage_is_null_and_told(string number) =>
        Assert.Equal(("KVP", "SIDECAR_UNKNOWN"), Read($$"""{"KVP":{{number}}}""") is { KilovoltPeak: null } sidecar
            ? (Assert.Single(sidecar.Notes).Field, sidecar.Notes[0].Fault.Code) : default);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"KVP":null,"Manufacturer":"","kvp":"120"}""")]
    public void What_is_not_said_is_null(string text)
    {
        CtSidecar sidecar = Read(text);
        Assert.Equal((null, null, null), (sidecar.KilovoltPeak, sidecar.Manufacturer, sidecar.ManufacturerModelName));
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
        Assert.Null(sidecar.KilovoltPeak);
        Assert.Equal("SIDECAR_UNREADABLE", Assert.Single(sidecar.Notes).Fault.Code);
    }

    [Fact]
    public void No_prefix_and_no_flipped_bit_fails()
    {
        byte[] content = Encoding.UTF8.GetBytes(
            """{"KVP": 120, "Manufacturer": "GE", "x": [NaN, {"y": "\\\""}], "ManufacturerModelName": "Brilliance \u0036"}""");
        for (int length = 0; length < content.Length; length++) Assert.Single(CtSidecar.Read(content.AsSpan(0, length)).Notes);
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            byte[] flipped = [.. content];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.InRange(CtSidecar.Read(flipped).Notes.Count, 0, 3);
        }
    }

    private static CtSidecar Read(string text) => CtSidecar.Read(Encoding.UTF8.GetBytes(text));
}
