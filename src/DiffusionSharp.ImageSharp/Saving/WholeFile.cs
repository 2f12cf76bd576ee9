namespace DiffusionSharp.ImageSharp;

/// <summary>Writes files as a whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file beside <paramref name="path"/> and moves it there when it is complete, over what was there before.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string unfinished = Path.Combine(RequireFolder(path), $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(file);
            }

            File.Move(unfinished, target, overwrite: true);
        }
        catch
        {
            Discard(unfinished);
            throw;
        }
    }

    /// <summary>The folder of a file, which must exist.</summary>
    public static string RequireFolder(string path)
    {
        string target = Path.GetFullPath(path);
        if (Path.EndsInDirectorySeparator(target) || Directory.Exists(target))
        {
            throw new ArgumentException($"'{path}' is a folder, where the name of a file was expected.", nameof(path));
        }

        string folder = Path.GetDirectoryName(target)!;
        return Directory.Exists(folder) ? folder : throw new DirectoryNotFoundException($"'{path}' cannot be written, because there is no folder '{folder}'. Create it first.");
    }

    private static void Discard(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What went wrong before says more.
        }
    }
}
