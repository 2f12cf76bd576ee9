using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Saving;

public sealed class SaveFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_that_was_there_is_replaced_as_a_whole()
    {
        string path = _folder.Write("a.png", new byte[1_000_000]);
        GeneratedImage image = Generated.FromPrompt("pizza");
        image.Save(path);
        Assert.Equal("pizza", GenerationParameters.Read(path)!.Prompt);
        Assert.Equal(["a.png"], _folder.FileNames);
    }

    [Fact]
    public async Task When_encoding_fails_there_is_no_file_and_the_old_one_stays()
    {
        // Two channels are no picture.
        GeneratedImage image = Generated.Of(Generated.Pixels(8, 8, channels: 2));
        string old = _folder.Write("old.png", [1, 2, 3]);
        Assert.Throws<ArgumentException>(() => image.Save(old));
        Assert.Throws<ArgumentException>(() => image.SaveAsJpeg(_folder.File("new.jpg")));
        await Assert.ThrowsAsync<ArgumentException>(() => image.SaveAsPngAsync(_folder.File("new.png")));
        Assert.Equal(["old.png"], _folder.FileNames);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(old));
    }

    [Fact]
    public async Task Cancelled_saving_leaves_no_file()
    {
        GeneratedImage image = Generated.FromPrompt("pizza");
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => image.SaveAsync(_folder.File("a.png"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => image.SaveAsPngAsync(_folder.File("a.png"), cancelled));
        foreach (Func<Stream, Task> save in new Func<Stream, Task>[]
        {
            stream => image.SaveAsPngAsync(stream, cancelled),
            stream => image.SaveAsJpegAsync(stream, cancellationToken: cancelled),
            stream => image.SaveAsWebpAsync(stream, cancellationToken: cancelled),
        })
        {
            using var stream = new MemoryStream();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save(stream));
            Assert.Equal(0, stream.Length);
        }

        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void A_missing_folder_is_named_and_not_created()
    {
        string path = Path.Combine(_folder.Path, "missing/a.png");
        var error = Assert.Throws<DirectoryNotFoundException>(() => Generated.FromPrompt("pizza").SaveAsPng(path));
        Assert.Contains($"'{_folder.File("missing")}'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("missing")));
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        GeneratedImage image = Generated.FromPrompt("pizza");
        string folder = _folder.File("folder.png");
        Directory.CreateDirectory(folder);
        foreach (string path in new[] { folder, folder + "/", "/" })
        {
            Assert.Contains($"'{path}'", Assert.Throws<ArgumentException>(() => image.SaveAsPng(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("picture.bmp", "'.bmp'")]
    [InlineData("picture", "no extension")]
    [InlineData("picture.", "no extension")]
    [InlineData("picture.png.bak", "'.bak'")]
    public void An_unknown_extension_is_refused_with_the_known_ones(string name, string found)
    {
        GeneratedImage image = Generated.FromPrompt("pizza");
        var error = Assert.Throws<ArgumentException>(() => image.Save(_folder.File(name)));
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains(".png, .jpg, .jpeg or .webp", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { _ = image.SaveAsync(_folder.File(name)); });
        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void Nothing_is_saved_without_a_picture_or_a_place()
    {
        GeneratedImage image = Generated.FromPrompt("pizza");
        Assert.Throws<ArgumentException>(() => image.SaveAsPng(""));
        Assert.Throws<ArgumentNullException>(() => image.SaveAsPng((string)null!));
        Assert.Throws<ArgumentNullException>(() => image.SaveAsPng((Stream)null!));
        Assert.Throws<ArgumentNullException>(() => image.Save(null!));
        Assert.Throws<ArgumentNullException>(() => ((GeneratedImage)null!).SaveAsPng(_folder.File("a.png")));
        Assert.Throws<ArgumentNullException>(() => { _ = ((GeneratedImage)null!).SaveAsPngAsync(_folder.File("a.png")); });
        Assert.Throws<ArgumentNullException>(() => ((GeneratedImage)null!).ToImage());
        Assert.Empty(_folder.FileNames);
    }

    public void Dispose() => _folder.Dispose();
}
