namespace DiffusionSharp.Schedulers;

/// <summary>
/// The part of a sample that is known beforehand, as in inpainting. All have the plan's shape <c>[B, C, H, W]</c>, row-major. Runs read them in
/// their steps, so they may be filled after a run has started, and before its first step.
/// </summary>
/// <param name="Original">The clean sample x_0.</param>
/// <param name="Mask">In [0, 1]: 1 where the sample is drawn anew, 0 where it is that of <paramref name="Original"/>.</param>
/// <param name="Noise">The unit noise that the generation begins with, which <see cref="KeepsKnown"/> noises the known part with.</param>
public sealed record KnownRegion(Memory<float> Original, Memory<float> Mask, Memory<float> Noise);
