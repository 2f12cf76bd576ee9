using System.Diagnostics;
using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Saving;

/// <summary>What is at a path stays what it is, as far as the system has such things.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GeneratedImage _image = Generated.FromPrompt("pizza");

    public static IEnumerable<object[]> Ways =>
        from way in new[] { "png", "jpg", "webp" } from isThere in new[] { true, false } select new object[] { way, isThere };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_link_stays_a_link_and_what_it_leads_to_is_written(string extension, bool isThere)
    {
        Directory.CreateDirectory(_folder.File("elsewhere"));
        string real = _folder.File($"elsewhere/real.{extension}");
        if (isThere)
        {
            File.WriteAllText(real, "old");
        }

        // Through two links, one of them relative.
        string second = File.CreateSymbolicLink(_folder.File($"elsewhere/second.{extension}"), $"real.{extension}").FullName;
        string latest = File.CreateSymbolicLink(_folder.File($"latest.{extension}"), second).FullName;
        ImageFiles.RequireWritable(latest);
        Assert.Equal(isThere, File.Exists(real));
        _image.Save(latest);
        Assert.Equal(second, new FileInfo(latest).LinkTarget);
        Assert.Null(new FileInfo(real).LinkTarget);
        Assert.Equal("pizza", GenerationParameters.Read(real)!.Prompt);
        Assert.Equal([$"latest.{extension}", $"real.{extension}", $"second.{extension}"], _folder.FileNames);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_refused_by_its_name()
    {
        string loop = File.CreateSymbolicLink(_folder.File("loop.png"), _folder.File("loop.png")).FullName;
        string lost = File.CreateSymbolicLink(_folder.File("lost.png"), Path.Combine(_folder.Path, "no/such.png")).FullName;
        AssertRefused<IOException>(loop);
        AssertRefused<DirectoryNotFoundException>(lost);
        Assert.Equal(["loop.png", "lost.png"], _folder.FileNames);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead)]
    public void A_file_keeps_its_mode(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (byte[] old in new byte[][] { [1, 2, 3], [] })
        {
            string path = _folder.Write("private.png", old);
            File.SetUnixFileMode(path, mode);
            _image.SaveAsPng(path);
            Assert.Equal(mode, File.GetUnixFileMode(path));
            Assert.Equal("pizza", GenerationParameters.Read(path)!.Prompt);
            Assert.Equal(["private.png"], _folder.FileNames);
        }
    }

    [Fact]
    public async Task A_pipe_is_written_into()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string pipe = _folder.File("pipe.png");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync();
        }

        // Neither waits for a reader nor takes one's bytes.
        ImageFiles.RequireWritable(pipe);
        Task<byte[]> reading = Task.Run(() => File.ReadAllBytes(pipe));
        await Task.Run(() => _image.SaveAsPng(pipe));
        Assert.Equal("pizza", GenerationParameters.Read(new MemoryStream(await reading))!.Prompt);
        Assert.Equal(["pipe.png"], _folder.FileNames);
        Assert.Equal(0, new FileInfo(pipe).Length);
    }

    [Fact]
    public void A_device_is_written_into_and_its_errors_name_the_path()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        string nothing = File.CreateSymbolicLink(_folder.File("null.png"), "/dev/null").FullName;
        ImageFiles.RequireWritable(nothing);
        _image.SaveAsPng(nothing);
        Assert.Equal("/dev/null", new FileInfo(nothing).LinkTarget);
        Assert.Empty(File.ReadAllBytes("/dev/null"));

        string full = File.CreateSymbolicLink(_folder.File("full.png"), "/dev/full").FullName;
        Assert.Contains(full, Assert.Throws<IOException>(() => _image.SaveAsPng(full)).Message, StringComparison.Ordinal);
        Assert.Equal(["full.png", "null.png"], _folder.FileNames);
    }

    [Fact]
    public void Where_no_file_can_be_is_said_before_work_starts()
    {
        string file = _folder.Write("file", [1]);
        Directory.CreateDirectory(_folder.File("folder.png"));
        AssertRefused<DirectoryNotFoundException>(Path.Combine(file, "a.png"));
        AssertRefused<DirectoryNotFoundException>(Path.Combine(_folder.Path, "missing/a.png"));
        AssertRefused<ArgumentException>(_folder.File("folder.png"));
        AssertRefused<ArgumentException>(_folder.Path + "/");
        AssertRefused<IOException>(_folder.File(new string('n', 300) + ".png"));
        if (Directory.Exists("/proc"))
        {
            // No file can be made there, whoever asks.
            AssertRefused<IOException>("/proc/x.png");
        }

        Assert.Equal(["file"], _folder.FileNames);
    }

    [Fact]
    public void Asking_leaves_everything_as_it_was()
    {
        string old = _folder.Write("old.png", [1, 2, 3]);
        string empty = _folder.Write("empty.png", []);
        DateTime before = File.GetLastWriteTimeUtc(old);
        ImageFiles.RequireWritable(old);
        ImageFiles.RequireWritable(empty);
        ImageFiles.RequireWritable(_folder.File("new.png"));
        Assert.Equal(["empty.png", "old.png"], _folder.FileNames);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(old));
        Assert.Equal(before, File.GetLastWriteTimeUtc(old));
    }

    [Fact]
    public void What_may_not_be_written_is_refused_to_who_is_no_administrator()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return;
        }

        foreach (byte[] old in new byte[][] { [1, 2, 3], [] })
        {
            string path = _folder.Write("kept.png", old);
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
            AssertRefused<UnauthorizedAccessException>(path);
            Assert.Equal(old, File.ReadAllBytes(path));
            File.Delete(path);
        }

        string locked = Directory.CreateDirectory(_folder.File("locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;
        AssertRefused<UnauthorizedAccessException>(Path.Combine(locked, "a.png"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>By the name that was asked for, and by no other, before and after the work.</summary>
    private void AssertRefused<T>(string path)
        where T : Exception
    {
        foreach (Action action in new Action[] { () => ImageFiles.RequireWritable(path), () => _image.SaveAsPng(path) })
        {
            T error = Assert.Throws<T>(action);
            Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
        }
    }
}
