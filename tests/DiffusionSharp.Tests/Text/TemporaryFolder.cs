namespace DiffusionSharp.Tests.Text;

/// <summary>A folder that lasts as long as its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("diffusionsharp-").FullName;

    public string Write(string fileName, string content)
    {
        string path = this[fileName];
        File.WriteAllText(path, content);
        return path;
    }

    public string this[string fileName] => System.IO.Path.Combine(Path, fileName);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
