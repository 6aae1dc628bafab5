using System.Globalization;
using VerseEtl.Load.Delta;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Delta;

/// <summary>What must hold of the Delta logs of a warehouse at any moment, whatever died in it.</summary>
internal static class DeltaInvariants
{
    /// <param name="upToDate">The logs end with the newest commit.</param>
    public static void Check(string root, bool upToDate)
    {
        Dictionary<long, Snapshot> snapshots = Warehouse.OpenForReading(root).Snapshots().ToDictionary(snapshot => snapshot.Sequence);
        foreach (string folder in Directory.GetDirectories(Path.Combine(root, "delta")))
        {
            string log = Path.Combine(folder, "_delta_log");
            string[] files = Directory.Exists(log) ? [.. Directory.GetFiles(log, "*.json").Order(StringComparer.Ordinal)] : [];
            long[] versions = [.. files.Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture))];
            if (upToDate) Assert.Equal(snapshots.Keys.Max(), versions[^1]);
            if (versions.Length == 0) continue;
            Assert.Equal(Enumerable.Range(0, versions.Length).Select(at => versions[0] + at), versions);
            // a log that does not begin at 0 can be read from a checkpoint alone
            if (versions[0] > 0) Assert.True(File.Exists(Path.ChangeExtension(files[0], ".checkpoint.parquet")), files[0]);
            foreach ((string file, long version) in files.Zip(versions))
            {
                DeltaVersion? read = DeltaVersion.Read(version, File.ReadAllText(file));
                Assert.Equal(version, read?.Commit);
                if (!snapshots.TryGetValue(version, out Snapshot? snapshot) || version == versions[0]) continue;
                foreach (DeltaFile added in read!.Files)
                {
                    string own = Path.Combine(snapshot.Directory, Path.GetFileName(folder), added.Name);
                    Assert.Equal(new FileInfo(own).Length, added.Bytes);
                    Assert.Equal(new FileInfo(own).Length, new FileInfo(Path.Combine(folder, added.Name)).Length);
                }
                Assert.Equal(snapshot.CommittedUtc.UtcDateTime, File.GetLastWriteTimeUtc(file));
            }
        }
    }
}
