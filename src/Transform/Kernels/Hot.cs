using System.Runtime.CompilerServices;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// How methods that see every byte, run or voxel are compiled: for good when they are first called, as the runtime would otherwise keep them unoptimised
/// for seconds, which is most of a short run. A program that is compiled together with its runtime has their optimised code beforehand, and the mark
/// would only have it thrown away (docs/decisions/0012-compiled-together.md).
/// </summary>
internal static class Hot
{
#if COMPILED_TOGETHER
    public const MethodImplOptions Method = default;
#else
    public const MethodImplOptions Method = MethodImplOptions.AggressiveOptimization;
#endif
}
