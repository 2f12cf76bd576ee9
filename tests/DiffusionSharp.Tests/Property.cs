using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests;

/// <summary>Checks over random cases. A failure prints the case and the seed that replays it.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> cases, Action<T> check, int count = 300) =>
        Prop.ForAll(cases.ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true));
}
