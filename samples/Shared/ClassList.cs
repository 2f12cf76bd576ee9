using System.Text.Json;

namespace DiffusionSharp.Samples;

/// <summary>The classes that the companion emoji-classes knows, and the one that stands for none.</summary>
internal sealed record ClassList(string[] Names, long None)
{
    public static ClassList Load(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return new ClassList([.. json.RootElement.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!)], json.RootElement.GetProperty("null_class").GetInt64());
    }

    /// <summary>The number of a class.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public int Find(string name) => Array.IndexOf(Names, name) is >= 0 and var index ? index : throw new ArgumentException($"There is no class '{name}'. There are: {string.Join(", ", Names)}.");
}
