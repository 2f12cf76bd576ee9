namespace DiffusionSharp.Orleans.Tests;

/// <summary>Blobs as files.</summary>
public sealed class FileBlobStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blobs-");

    private FileBlobStore Blobs => new(Path.Combine(_folder.FullName, "below"));

    [Fact]
    public async Task What_was_written_is_read_and_no_unfinished_file_stays()
    {
        await Blobs.WriteAsync("job/1-0.png", new byte[] { 1, 2 });
        await Blobs.WriteAsync("job/1-0.png", new byte[] { 3 });
        Assert.Equal([3], await Blobs.ReadAsync("job/1-0.png"));
        Assert.Null(await Blobs.ReadAsync("job/2-0.png"));
        Assert.Null(await Blobs.ReadAsync("other/1-0.png"));
        Assert.Equal(["1-0.png"], Directory.EnumerateFiles(Path.Combine(_folder.FullName, "below", "job")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Blobs_are_deleted_by_what_their_names_begin_with()
    {
        foreach (string name in (string[])["job/1-0.png", "job/1-1.png", "job/2-0.png", "job-2/1-0.png"])
        {
            await Blobs.WriteAsync(name, new byte[] { 1 });
        }

        await Blobs.DeleteAsync("job/1-");
        Assert.Null(await Blobs.ReadAsync("job/1-1.png"));
        Assert.NotNull(await Blobs.ReadAsync("job/2-0.png"));
        await Blobs.DeleteAsync("job/");
        await Blobs.DeleteAsync("job/");
        Assert.Equal(["job-2"], Directory.EnumerateDirectories(Path.Combine(_folder.FullName, "below")).Select(Path.GetFileName));
        Assert.NotNull(await Blobs.ReadAsync("job-2/1-0.png"));
    }

    [Theory]
    [InlineData("../up.png")]
    [InlineData("/etc/passwd")]
    [InlineData("job/../../up.png")]
    public async Task Nothing_is_written_beside_the_folder(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Blobs.WriteAsync(name, new byte[] { 1 }));

    public void Dispose() => _folder.Delete(recursive: true);
}
