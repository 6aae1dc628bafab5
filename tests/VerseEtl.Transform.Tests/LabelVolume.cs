using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests;

/// <summary>A small label volume in memory, i fastest, with the runs a reader would make of it.</summary>
internal sealed class LabelVolume(int i, int j, int k)
{
    public int[] Voxels { get; } = new int[i * j * k];

    public int I => i;
    public int J => j;
    public int K => k;

    public int this[int x, int y, int z]
    {
        get => Voxels[(z * j + y) * i + x];
        set => Voxels[(z * j + y) * i + x] = value;
    }

    /// <summary>Blobs and salt of a few labels: seeds that make many small components meet and part.</summary>
    public static LabelVolume Random(Random random, int[] labels)
    {
        LabelVolume volume = new(random.Next(1, 14), random.Next(1, 12), random.Next(1, 10));
        double fill = random.NextDouble();
        for (int at = 0; at < volume.Voxels.Length; at++)
        {
            bool repeat = at > 0 && random.NextDouble() < 0.4;
            volume.Voxels[at] = repeat ? volume.Voxels[at - 1] : random.NextDouble() < fill ? labels[random.Next(labels.Length)] : 0;
        }
        return volume;
    }

    public IEnumerable<LabelRun> Runs()
    {
        for (int z = 0; z < k; z++)
            for (int y = 0; y < j; y++)
                for (int x = 0; x < i;)
                {
                    int label = this[x, y, z], start = x;
                    while (x < i && this[x, y, z] == label) x++;
                    if (label != 0) yield return new LabelRun(label, start, y, z, x - start);
                }
    }

    public IEnumerable<(int X, int Y, int Z)> VoxelsOf(int label)
    {
        for (int z = 0; z < k; z++)
            for (int y = 0; y < j; y++)
                for (int x = 0; x < i; x++)
                    if (this[x, y, z] == label) yield return (x, y, z);
    }

    /// <summary>Sizes of the 26-connected components of a label by flood fill.</summary>
    public List<long> ComponentSizes(int label)
    {
        HashSet<(int, int, int)> left = [.. VoxelsOf(label)];
        List<long> sizes = [];
        while (left.Count > 0)
        {
            Stack<(int, int, int)> open = new([left.First()]);
            left.Remove(open.Peek());
            long size = 0;
            while (open.TryPop(out (int X, int Y, int Z) at))
            {
                size++;
                for (int d = 0; d < 27; d++)
                {
                    (int, int, int) next = (at.X + d % 3 - 1, at.Y + d / 3 % 3 - 1, at.Z + d / 9 - 1);
                    if (left.Remove(next)) open.Push(next);
                }
            }
            sizes.Add(size);
        }
        return sizes;
    }
}
