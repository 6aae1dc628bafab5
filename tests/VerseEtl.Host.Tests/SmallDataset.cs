using VerseEtl.Extract.Sample;

[assembly: AssemblyFixture(typeof(VerseEtl.Host.Tests.SmallDataset))]

namespace VerseEtl.Host.Tests;

/// <summary>A few phantom scans in VerSe's folders, made once for all tests, the first time one asks. They are only read; a copy may be spoilt.</summary>
public sealed class SmallDataset : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Lazy<string> _sound, _faulty;

    public SmallDataset()
    {
        _sound = new(() => Make("sound", faults: false));
        _faulty = new(() => Make("faulty", faults: true));
    }

    /// <summary>Four scans, none of which gives an error.</summary>
    public string Sound => _sound.Value;

    /// <summary>The same, and some that are broken on purpose.</summary>
    public string Faulty => _faulty.Value;

    public static void Copy(string from, string to)
    {
        foreach (string folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
    }

    public void Dispose() => _temp.Dispose();

    private string Make(string name, bool faults)
    {
        string path = Path.Join(_temp.Path, name);
        SampleScan[] few = [.. SampleScans.Sound.Where(scan => scan.Name is "sub-verse902" or "sub-verse907" or "sub-verse912" or "sub-verse962_dir-sag")];
        SampleDataset.Write(path, new SampleOptions { Scans = few, WithFaults = faults, Parallelism = 2 });
        return path;
    }
}
