namespace DiffusionSharp.Tests;

/// <summary>An empty folder, deleted at the end of a test.</summary>
#pragma warning disable CA1852 // it is derived from in one of the projects that it is compiled into
internal class TemporaryFolder : IDisposable
#pragma warning restore CA1852
{
    public string Path { get; } = Directory.CreateTempSubdirectory("DiffusionSharp.Tests-").FullName;

    /// <summary>The names of all files, sorted.</summary>
    public string[] FileNames => [.. new DirectoryInfo(Path).GetFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Order(StringComparer.Ordinal)];

    /// <summary>The path of a file in it, whose folder is made.</summary>
    public string File(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Writes a file, in the place of any that was there.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Writes a file, in the place of any that was there.</summary>
    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
