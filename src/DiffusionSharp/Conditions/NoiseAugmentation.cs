using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Conditions;

/// <summary>How a network for super-resolution was shown its small pictures: noised, with the level as its class (conditioning augmentation, Ho et al. 2021, arXiv:2106.15282, section 4).</summary>
/// <param name="Schedule">The noise schedule that levels are timesteps of.</param>
/// <param name="Usual">The level where a request says none.</param>
/// <param name="Largest">The largest level that the network was trained with.</param>
public sealed record NoiseAugmentation(NoiseSchedule Schedule, int Usual, int Largest);
