using System.IO.Compression;
using System.Text;
using VerseEtl.Extract;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Centroids;
using VerseEtl.Extract.Nifti;
using VerseEtl.Host.Configuration;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Fuzz;

/// <summary>
/// The four parsers of foreign bytes. A target returns where the bytes were read or refused in the expected way; every exception that
/// leaves it is a defect of the parser, an <see cref="InvalidOperationException"/> among them a second opinion that differs.
/// </summary>
public static class Targets
{
    private const int MostUnpacked = 1 << 20;
    private const int GzipHeaderSize = 10;

    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["gzip"] = Gzip,
        ["json"] = Json,
        ["nifti"] = Nifti,
        ["yaml"] = Yaml,
    };

    /// <summary>
    /// What is accepted, .NET's inflater unpacks to the same bytes; what is handed out before a refusal is the start of the same bytes;
    /// and a DEFLATE stream that .NET refuses is not merely refused for its checksum.
    /// </summary>
    private static void Gzip(byte[] stored)
    {
        (byte[] ours, Fault? fault, bool whole) = Outcome(stored);
        if (stored.Length < GzipHeaderSize || ours.Length >= MostUnpacked) return;
        if (whole)
        {
            using GZipStream all = new(new MemoryStream(stored), CompressionMode.Decompress);
            (byte[] theirs, bool broken) = Unpack(all);
            Require(!broken && ours.AsSpan().SequenceEqual(theirs), "accepted, but not the bytes that .NET unpacks");
            return;
        }
        bool plainHeader = stored is [0x1F, 0x8B, 8, 0, ..];
        if (!plainHeader) return;
        using DeflateStream first = new(new MemoryStream(stored, GzipHeaderSize, stored.Length - GzipHeaderSize), CompressionMode.Decompress);
        (byte[] expected, bool refused) = Unpack(first);
        int common = Math.Min(ours.Length, expected.Length);
        Require(ours.AsSpan(0, common).SequenceEqual(expected.AsSpan(0, common)), "other bytes than .NET before the refusal");
        Require(!refused || (fault != Faults.GzCrc && fault != Faults.GzIsize), "a DEFLATE stream that .NET refuses was read to its end");
    }

    private static (byte[] Bytes, Fault? Fault, bool Whole) Outcome(byte[] stored)
    {
        using MemoryStream unpacked = new();
        try
        {
            using ByteSource source = ByteSource.Open(new MemoryStream(stored), gzip: true);
            while (unpacked.Length < MostUnpacked)
            {
                if (!source.Read(out ReadOnlyMemory<byte> bytes, out long zeros)) return (unpacked.ToArray(), null, true);
                Require(bytes.IsEmpty == zeros > 0, "a piece is bytes or zeros");
                unpacked.Write(bytes.Span);
                unpacked.Write(new byte[Math.Min(zeros, MostUnpacked)]);
                Require(zeros > MostUnpacked || source.Position == unpacked.Length, "the position is not what was handed out");
            }
            return (unpacked.ToArray(), null, false);
        }
        catch (BadFileException refusal)
        {
            return (unpacked.ToArray(), refusal.Fault, false);
        }
    }

    private static (byte[] Bytes, bool Refused) Unpack(Stream stream)
    {
        using MemoryStream unpacked = new();
        byte[] buffer = new byte[4096];
        try
        {
            for (int read = stream.Read(buffer); read > 0 && unpacked.Length < 2 * MostUnpacked; read = stream.Read(buffer))
                unpacked.Write(buffer.AsSpan(0, read));
            return (unpacked.ToArray(), false);
        }
        catch (InvalidDataException)
        {
            return (unpacked.ToArray(), true);
        }
    }

    /// <summary>As a mask and as a CT. However the bytes arrive, whole or in pieces with counted zeros, the outcome is the same.</summary>
    private static void Nifti(byte[] stored)
    {
        RequireEqual("mask", Mask(new PlainSource(new MemoryStream(stored))), Mask(new PieceSource(stored, 37, 16)));
        RequireEqual("CT", Ct(new PlainSource(new MemoryStream(stored))), Ct(new PieceSource(stored, 37, 16)));
    }

    private static string Mask(ByteSource source)
    {
        using (source)
        {
            try
            {
                VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
                Require(file.Grid.Affine.IsFinite && file.Grid.SpacingMm.IsFinite && file.Grid.Orientation.Codes.Length == 3, "a grid that is none");
                MaskReader reader = new(file);
                LabelRun[] runs = new LabelRun[16];
                HashCode hash = default;
                for (int count = reader.ReadRuns(runs); count > 0; count = reader.ReadRuns(runs))
                {
                    foreach (LabelRun run in runs.AsSpan(0, count))
                    {
                        Require(run is { Length: > 0, I: >= 0, J: >= 0, K: >= 0 } && run.Label != 0 && run.I + run.Length <= file.Grid.Shape.I
                            && run.J < file.Grid.Shape.J && run.K < file.Grid.Shape.K, "a run outside the volume");
                        hash.Add(run);
                    }
                }
                return $"{hash.ToHashCode()} {string.Join(' ', file.Notes)}";
            }
            catch (BadFileException refusal)
            {
                return Refused(refusal);
            }
        }
    }

    private static string Ct(ByteSource source)
    {
        using (source)
        {
            try
            {
                VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
                CtReader reader = new(file);
                long[] codes = new long[64];
                HashCode hash = default;
                long voxels = file.Grid.Shape.VoxelCount;
                // every other stretch is skipped, as where the mask holds nothing
                for (long at = 0; at < voxels; at += 2 * codes.Length)
                {
                    Span<long> wanted = codes.AsSpan(0, (int)Math.Min(codes.Length, voxels - at));
                    reader.Read(at, wanted);
                    foreach (long code in wanted) hash.Add(code);
                }
                reader.Finish();
                return $"{hash.ToHashCode()} {string.Join(' ', file.Notes)}";
            }
            catch (BadFileException refusal)
            {
                return Refused(refusal);
            }
        }
    }

    // which of two faults is met first depends on where the pieces are cut, that the file is refused does not
    private static string Refused(BadFileException refusal)
    {
        Require(refusal.Message.Length < 1000, "a message without a bound");
        return "refused";
    }

    private static void Json(byte[] stored)
    {
        CtSidecar sidecar = CtSidecar.Read(stored);
        Require(sidecar.Manufacturer is not { Length: > 64 }, "a text longer than its bound");
        try
        {
            CentroidFile centroids = CentroidFile.Read(stored);
            foreach ((int label, var point) in centroids.Points)
                Require(label is >= 1 and <= 28 && double.IsFinite(point.X) && double.IsFinite(point.Y) && double.IsFinite(point.Z), "a point that is none");
        }
        catch (BadFileException refusal)
        {
            Refused(refusal);
        }
    }

    private static void Yaml(byte[] stored)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(stored);
        }
        catch (DecoderFallbackException)
        {
            return;
        }
        Problems problems = new("/etc/verse/pipelines.yaml");
        PipelinesFile? file = PipelinesFile.Parse(text, problems.File, TimeProvider.System, problems);
        Require(file is not null || problems.HasErrors, "nothing was read and nothing is wrong");
        Require(problems.All.All(problem => problem is { Line: >= 1, Column: >= 1 }), "a problem without a place");
    }

    private static void RequireEqual(string what, string whole, string pieces) =>
        Require(whole == pieces, $"a {what} in pieces differs: {pieces}, not {whole}");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}
