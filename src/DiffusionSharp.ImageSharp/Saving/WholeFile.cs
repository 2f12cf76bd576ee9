namespace DiffusionSharp.ImageSharp;

/// <summary>
/// Writes files as a whole or not at all, and leaves what is there what it is: links keep pointing where they point, files keep their mode,
/// pipes and devices are written into.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file as the user names it, and as errors do.</param>
    /// <param name="content">All of it.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string target = Target(path);
        string? unfinished = null;
        try
        {
            if (IsWrittenInto(target))
            {
                WriteInto(target, content);
                return;
            }

            RequireChangeable(target);
            unfinished = NameBeside(target);
            WriteNew(unfinished, content, ModeOf(target));
            File.Move(unfinished, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard(unfinished);
            throw Named(exception, path, target, unfinished);
        }
    }

    /// <summary>Throws where a file could not be written, as far as that can be known before; nothing is left behind.</summary>
    public static void RequireWritable(string path)
    {
        string target = Target(path);
        string? probe = null;
        try
        {
            if (IsWrittenInto(target))
            {
                if (new FileInfo(target).IsReadOnly && !Environment.IsPrivilegedProcess)
                {
                    throw new UnauthorizedAccessException("it is read-only.");
                }

                return;
            }

            RequireChangeable(target);
            probe = NameBeside(target);
            WriteNew(probe, [], mode: null);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard(probe);
            throw Named(exception, path, target, probe);
        }
    }

    /// <summary>Where a path leads, through links; its folder must exist.</summary>
    private static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        if (Path.EndsInDirectorySeparator(full) || Directory.Exists(full))
        {
            throw new ArgumentException($"'{path}' is a folder, where the name of a file was expected.", nameof(path));
        }

        string target;
        try
        {
            target = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            target = full;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Named(exception, path, full, unfinished: null);
        }

        // /dev/stdout leads into /proc, where a pipe has no name that could be opened, only its link.
        target = target.StartsWith("/proc/", StringComparison.Ordinal) && !File.Exists(target) ? full : target;
        string folder = Path.GetDirectoryName(target)!;
        return Directory.Exists(folder) ? target
            : throw new DirectoryNotFoundException($"'{path}' cannot be written, because {(File.Exists(folder) ? $"'{folder}' is a file, no folder." : $"there is no folder '{folder}'. Create it first.")}");
    }

    // What has no length is a pipe, a device or an empty file: nothing is lost where it is only half written. A link is left only where it
    // leads to such a thing.
    private static bool IsWrittenInto(string target) => new FileInfo(target) is { Exists: true } file && (file.Length == 0 || file.LinkTarget is not null);

    private static void WriteInto(string target, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            file.Write(content);
        }
        catch (IOException) when (file.CanSeek)
        {
            Empty(file);
            throw;
        }
    }

    // A file that may not be changed could still be replaced by another.
    private static void RequireChangeable(string target)
    {
        try
        {
            File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (FileNotFoundException)
        {
            // It will be new.
        }
    }

    private static void WriteNew(string file, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (mode is { } given && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = given;
        }

        using var stream = new FileStream(file, options);
        if (mode is { } exact && !OperatingSystem.IsWindows() && File.GetUnixFileMode(stream.SafeFileHandle) != exact)
        {
            File.SetUnixFileMode(stream.SafeFileHandle, exact);
        }

        stream.Write(content);
    }

    private static UnixFileMode? ModeOf(string target) => !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : null;

    private static string NameBeside(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetRandomFileName()}.tmp");

    // The user knows the name that was asked for, not that of an unfinished file.
    private static Exception Named(Exception exception, string path, string target, string? unfinished)
    {
        string reason = exception is FileNotFoundException or DirectoryNotFoundException
            ? $"no file can be made in the folder '{Path.GetDirectoryName(target)}'."
            : unfinished is null ? exception.Message : exception.Message.Replace(unfinished, target, StringComparison.Ordinal);
        string message = $"'{path}' cannot be written: {reason}";
        return exception is UnauthorizedAccessException ? new UnauthorizedAccessException(message, exception) : new IOException(message, exception);
    }

    private static void Empty(FileStream file)
    {
        try
        {
            file.SetLength(0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What went wrong before says more.
        }
    }

    private static void Discard(string? file)
    {
        try
        {
            if (file is not null)
            {
                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What went wrong before says more.
        }
    }
}
