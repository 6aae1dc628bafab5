using System.Text;
using System.Text.Json;
using VerseEtl.Host.Commands;
using VerseEtl.Load.Publishing;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>A name hidden wherever scan files have room for free text, looked for in everything that a run writes.</summary>
public sealed class PatientTextTests
{
    private const string Name = "Zyxwvu";

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Text_from_inside_scan_files_reaches_no_table_log_or_console(int version, bool broken)
    {
        using TwoScans scans = new();
        PhantomFile mask = Named(TwoScans.MaskFile(TwoScans.MaskSpec with { Version = version }), version),
            ct = Named(TwoScans.CtFile(TwoScans.CtSpec with { Version = version }), version);
        if (broken) (mask, ct) = (mask.Put(40, (short)0x300), ct.Put(344, Encoding.ASCII.GetBytes("Zyx")));
        scans.Write(TwoScans.Mask, NamedGzip(mask));
        scans.Write(TwoScans.Ct, NamedGzip(ct));
        string direction = broken ? $"\"{Name}\"" : "[\"R\",\"A\",\"S\"]";
        scans.Write(TwoScans.Centroids, $$"""
            [{"direction":{{direction}},"patient":"{{Name}}"},{"label":20,"X":7.5,"Y":5.5,"Z":14.0,"{{Name}}":"{{Name}}"},
            {"label":"{{Name}}","X":"{{Name}}"},"{{Name}}"]
            """);
        scans.Write(TwoScans.Sidecar, $$"""{"KVP":120,"PatientName":"{{Name}}","{{Name}}":1,"Manufacturer":["{{Name}}"]}""");
        scans.Write(TwoScans.Mask.Replace(TwoScans.Broken, "sub-verse003", StringComparison.Ordinal), Encoding.ASCII.GetBytes(Name + " is no gzip file"));

        string log = Path.Join(Path.GetDirectoryName(scans.Output), "run.log");
        StringWriter output = new(), error = new();
        Terminal terminal = new(output, error) { Environment = _ => null };
        int code = await CommandTree.Invoke(["run", "--source", scans.Source, "--output", scans.Output, "--verbose", "--log-file", log],
            terminal, TimeProvider.System);
        StringWriter json = new();
        await CommandTree.Invoke(["run", "--source", scans.Source, "--output", scans.Output, "--json", "--full"],
            new Terminal(json, error) { Environment = _ => null }, TimeProvider.System);
        await CommandTree.Invoke(["inspect", scans.Full(TwoScans.Mask)], terminal, TimeProvider.System);
        await CommandTree.Invoke(["inspect", "--json", scans.Full(TwoScans.Ct)], terminal, TimeProvider.System);

        Assert.Equal(ExitCode.PublishedWithErrors, code);
        AssertNameless("console", output + error.ToString() + json);
        foreach (string file in Directory.EnumerateFiles(scans.Output, "*", SearchOption.AllDirectories).Append(log))
            AssertNameless(file, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        // the pages of a table are compressed, so its rows are looked through once more as text
        PublishedTables tables = await Warehouse.ReadTables(Warehouse.OpenForReading(scans.Output).Current!, TestContext.Current.CancellationToken);
        string rows = JsonSerializer.Serialize(tables);
        Assert.Contains("CTD_", rows, StringComparison.Ordinal);
        AssertNameless("tables", rows);
    }

    /// <summary>Every text field of the header (nifti1.h, nifti2.h) and an extension.</summary>
    private static PhantomFile Named(PhantomFile file, int version)
    {
        byte[] name = Encoding.ASCII.GetBytes(Name);
        int header = version == 1 ? 348 : 540;
        foreach (int offset in version == 1 ? [4, 14, 148, 228, 328] : (int[])[240, 320, 508]) file = file.Put(offset, name);
        file = version == 1 ? file.Put(108, header + 4f + 32f) : file.Put(168, header + 4L + 32L);
        byte[] extension = new byte[32];
        extension[0] = 32;
        extension[4] = 6;
        name.CopyTo(extension, 8);
        return file.Put(header, (byte)1).Insert(header + 4, extension);
    }

    private static byte[] NamedGzip(PhantomFile file)
    {
        byte[] packed = file.Gzip(), name = Encoding.ASCII.GetBytes(Name + "\0");
        return [.. packed[..3], 8 | 16, .. packed[4..10], .. name, .. name, .. packed[10..]];
    }

    private static void AssertNameless(string where, string text) =>
        Assert.False(text.Contains(Name, StringComparison.OrdinalIgnoreCase), $"{where} holds a name");
}
