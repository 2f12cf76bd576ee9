using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests;

/// <summary>
/// Checks over random cases. They are the same in every run, so that whether a change passes does not depend on luck;
/// with <c>DIFFUSIONSHARP_PROPERTY_CASES=100</c> there are a hundred times as many, each time others. A failure prints the case and its seed.
/// </summary>
internal static class Property
{
    private static readonly int? Exploring =
        int.TryParse(Environment.GetEnvironmentVariable("DIFFUSIONSHARP_PROPERTY_CASES"), CultureInfo.InvariantCulture, out int times) ? times : null;

    public static void Holds<T>(Gen<T> cases, Action<T> check, int count = 300)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(count * (Exploring ?? 1)).WithQuietOnSuccess(true);
        Prop.ForAll(cases.ToArbitrary(), check).Check(Exploring is null ? config.WithReplay(new Replay(new Rnd(2024), size: null)) : config);
    }
}
