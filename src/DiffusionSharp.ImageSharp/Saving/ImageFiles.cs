namespace DiffusionSharp.ImageSharp;

/// <summary>Checks of file names before the work whose result they are for.</summary>
public static class ImageFiles
{
    /// <summary>
    /// Throws where a picture could not be saved at a path: call it before a long generation. It tries what can be tried, a file in that
    /// folder, and leaves nothing behind; what is at the path is not touched.
    /// </summary>
    /// <param name="path">Where a picture shall be saved.</param>
    /// <exception cref="ArgumentException">The path is null or empty, names a folder, or has an extension that is not known.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written; the message names the path and says why.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void RequireWritable(string path)
    {
        Encoders.For(path);
        WholeFile.RequireWritable(path);
    }
}
