using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>A noise schedule that prints its name when a random case fails.</summary>
internal sealed record NamedSchedule(string Name, NoiseSchedule Schedule)
{
    public override string ToString() => Name;
}
