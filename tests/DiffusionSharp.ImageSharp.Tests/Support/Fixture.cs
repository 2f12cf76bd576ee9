namespace DiffusionSharp.ImageSharp.Tests.Support;

/// <summary>Pictures that other tools wrote.</summary>
public static class Fixture
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}
