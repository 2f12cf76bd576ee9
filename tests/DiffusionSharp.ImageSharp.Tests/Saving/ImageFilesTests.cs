
namespace DiffusionSharp.ImageSharp.Tests.Saving;

public class ImageFilesTests
{
    [Theory]
    [InlineData("picture.png")]
    [InlineData("picture.JPG")]
    [InlineData("picture.webp")]
    public void A_known_extension_in_an_existing_folder_is_writable(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);

        ImageFiles.RequireWritable(path);

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Contains("no-such-folder", Assert.Throws<DirectoryNotFoundException>(() => ImageFiles.RequireWritable("no-such-folder/picture.png")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_extension_is_named() =>
        Assert.Contains(".xyz", Assert.Throws<ArgumentException>(() => ImageFiles.RequireWritable("picture.xyz")).Message, StringComparison.Ordinal);
}
