namespace DiffusionSharp.ImageSharp.Tests.Support;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("DiffusionSharp.ImageSharp.Tests-");

    public string FullName => _folder.FullName;

    /// <summary>The names of all files, sorted.</summary>
    public string[] FileNames => [.. _folder.GetFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Order(StringComparer.Ordinal)];

    public string File(string name) => Path.Combine(FullName, name);

    public string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
