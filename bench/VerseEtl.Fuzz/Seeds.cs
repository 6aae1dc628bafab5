using System.IO.Compression;
using System.Text;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Fuzz;

/// <summary>Small sound files to start from: each stored type, byte order, version and kind of DEFLATE block once.</summary>
internal static class Seeds
{
    private static readonly NiftiVolumeSpec Small = new() { Shape = new VoxelShape(7, 4, 3), Sform = PhantomFile.Diagonal(1, 1, 1) };

    public static void Write(string folder)
    {
        PhantomFile mask = MaskOf(Small);
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(at => $"{at * 37 % 101} ")));
        byte[] noise = new byte[200];
        new Random(1).NextBytes(noise);
        byte[] named = [.. Packed(text, CompressionLevel.Optimal)];
        named[3] = 0x1C;
        byte[] extra = [2, 0, 1, 2, (byte)'a', 0, (byte)'b', 0];

        Put(folder, "gzip",
            mask.Gzip(), Packed(text, CompressionLevel.Optimal), Packed(text, CompressionLevel.SmallestSize), Packed(text, CompressionLevel.NoCompression),
            Packed("abc"u8.ToArray(), CompressionLevel.Fastest), Packed(noise, CompressionLevel.Optimal),
            Packed([], CompressionLevel.Optimal), Packed(new byte[3000], CompressionLevel.Optimal),
            [.. Packed(text, CompressionLevel.Optimal), .. Packed(noise[..20], CompressionLevel.Optimal), 0, 0],
            [.. named[..10], .. extra, .. named[10..]]);

        List<byte[]> volumes = [MaskOf(Small with { Version = 2 }).Bytes, MaskOf(Small with { Slope = 2, Intercept = 0 }).Bytes];
        volumes.AddRange(Enum.GetValues<NiftiDatatype>().Select(type => MaskOf(Small with { Datatype = type }).Bytes));
        volumes.Add(MaskOf(Small with { Datatype = NiftiDatatype.Int16, BigEndian = true, Version = 2 }).Bytes);
        volumes.Add(MaskOf(Small with { Datatype = NiftiDatatype.Float64, BigEndian = true, Sform = null, Qform = PhantomFile.Diagonal(1, 1, 1) }).Bytes);
        volumes.Add(mask.Put(108, 400f).Put(348, (byte)1).Insert(352, [16, 0, 0, 0, 6, 0, 0, 0, .. new byte[8], 32, 0, 0, 0, .. new byte[28]]).Bytes);
        Put(folder, "nifti", [.. volumes]);

        Put(folder, "json",
            """[{"direction":["R","A","S"]},{"label":20,"X":2,"Y":2.5,"Z":1e0},{"label":21,"X":NaN,"Y":-Infinity,"Z":3}]"""u8.ToArray(),
            """[{"direction":["P","I","R"]},{"label":1,"X":70.3,"Y":2,"Z":1}]"""u8.ToArray(),
            """{"KVP":120,"Manufacturer":"A\u00e9\ud83d\ude00","ManufacturerModelName":null}"""u8.ToArray(), "[]"u8.ToArray());

        Put(folder, "yaml", Encoding.UTF8.GetBytes("""
            version: 1
            pipelines:
              a:
                description: "x"
                source: { path: /data/verse, follow_links: false, folders: [{ path: x, dataset: verse19, split: test }] }
                reading: { max_volume_bytes: 68719476736, accept_plain: true }
                parallelism: 2
                reference: none
                thresholds: { unavailable_percent: 0.5 }
                load: { path: /srv/out, keep_snapshots: 14, keep_days: 7 }
                schedule: { cron: "30 2 * * *", time_zone: Europe/Berlin }
            """),
            "version: 1\npipelines: &a\n  b: *a\n  ? [x]\n  : !!str |\n    t\n"u8.ToArray(),
            "version: 1\npipelines:\n  a:\n    source: {path: a}\n    load: {path: b}\n"u8.ToArray());
    }

    private static PhantomFile MaskOf(NiftiVolumeSpec spec) =>
        PhantomFile.Mask(spec, (new VoxelBox(1, 1, 1, 5, 3, 3), 20), (new VoxelBox(0, 0, 0, 1, 1, 1), 4));

    private static byte[] Packed(byte[] bytes, CompressionLevel level)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, level)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static void Put(string folder, string target, params byte[][] files)
    {
        string into = Directory.CreateDirectory(Path.Join(folder, target)).FullName;
        for (int at = 0; at < files.Length; at++) File.WriteAllBytes(Path.Join(into, $"seed{at:00}"), files[at]);
    }
}
