using System.Text;

namespace VerseEtl.Extract.Sample;

/// <summary>Chance that is the same on every machine and in every thread: numbers that depend on a name and a place alone.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a of the UTF-8 text.</summary>
    public static uint Of(string name)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 16777619;
        return hash;
    }

    /// <summary>The index-th of a sequence of well mixed numbers (Wellons' lowbias32 over a Weyl sequence).</summary>
    public static uint Mix(uint seed, uint index)
    {
        uint x = seed + index * 0x9E3779B9u;
        x ^= x >> 16;
        x *= 0x7FEB352Du;
        x ^= x >> 15;
        x *= 0x846CA68Bu;
        x ^= x >> 16;
        return x;
    }

    /// <summary>The same as a number from -1 to 1.</summary>
    public static double Sway(uint seed, uint index) => (Mix(seed, index) >> 16) / 32768.0 - 1;
}
