using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Emoji;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The folders are whole, and small enough for a repository.</summary>
public class FileTests
{
    private const long Megabyte = 1_000_000;

    public static TheoryData<string> SchedulerConfigurations => [.. Companion.Files("scheduler_config.json")];

    [Fact]
    public void There_is_a_companion_for_each_purpose() => Assert.Equal(
        ["emoji-bert", "emoji-classes-128", "emoji-classes", "emoji-classifier", "emoji-few-steps", "emoji-gan", "emoji-inpainting", "emoji-pixels", "emoji-prior", "emoji-silhouette", "emoji-unclip", "emoji-upscaler", "emoji-vq"],
        Companion.Models.Select(model => model.Split('/')[0]).Distinct());

    [Fact]
    public void Every_model_has_a_reference_and_a_configuration_beside_it() => Assert.All(Companion.Models, model =>
    {
        string folder = Path.GetDirectoryName(Path.Combine(Companion.Root, model))!;
        Assert.Equal(["config.json", "model.onnx", "reference.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Intersect(["config.json", "model.onnx", "reference.json"]).Order());
    });

    [Fact]
    public void Every_model_is_smaller_than_8_MB() =>
        Assert.All(Companion.Models, model => Assert.InRange(new FileInfo(Path.Combine(Companion.Root, model)).Length, 1, (8 * Megabyte) - 1));

    [Fact]
    public void With_the_embedded_model_they_are_at_most_110_MB() => Assert.InRange(Size(Companion.Root) + Size(EmojiPipeline.ModelFolder), 1, 110 * Megabyte);

    [Theory]
    [MemberData(nameof(SchedulerConfigurations))]
    public void Of_a_schedulers_configuration_every_key_is_used(string configuration)
    {
        using var log = new RecordingLogger();
        SchedulerConfig.Load(Path.Combine(Companion.Root, configuration), logger: log);
        Assert.Empty(log.Lines);
    }

    private static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
