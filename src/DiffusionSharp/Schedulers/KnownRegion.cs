namespace DiffusionSharp.Schedulers;

/// <summary>The part of a sample that is known beforehand, as in inpainting. Both spans have the plan's shape <c>[B, C, H, W]</c>, row-major.</summary>
/// <param name="Original">The clean sample x_0. Runs read it in their steps, so it may be filled after they have started.</param>
/// <param name="Mask">In [0, 1]: 1 where the sample is drawn anew, 0 where it is that of <paramref name="Original"/>.</param>
public sealed record KnownRegion(ReadOnlyMemory<float> Original, ReadOnlyMemory<float> Mask);
