using DiffusionSharp.Emoji;

namespace DiffusionSharp.Hosting.Tests.Processes;

/// <summary>Applications in processes of their own, which are told to end as service managers and containers do it.</summary>
public sealed class TerminationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("termination-").FullName;

    [SignalFact]
    public async Task A_process_that_is_told_to_end_saves_its_generation_and_the_next_one_goes_on_to_the_same_picture()
    {
        string path = Path.Combine(_folder, "apple.png");
        string[] told;
        using (ProgramProcess first = Start(path, middle: 5))
        {
            await first.LineAsync("step 5");
            first.Terminate();
            (int code, told) = await first.EndAsync();
            Assert.Equal(0, code);
        }

        Assert.Equal(["saved"], told);
        Assert.Equal([$"{path}.checkpoint"], Directory.GetFiles(_folder));
        using (ProgramProcess second = Start(path, middle: 0))
        {
            (int code, told) = await second.EndAsync();
            Assert.Equal(0, code);
        }

        Assert.Equal(Enumerable.Range(6, 7).Select(step => $"step {step}"), told);
        Assert.Equal([path], Directory.GetFiles(_folder));
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        Assert.Equal(await pipeline.DrawAsync(Drawing.Request), await File.ReadAllBytesAsync(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ProgramProcess Start(string path, int middle) => ProgramProcess.Start(typeof(Drawing).Assembly, path, $"{middle}");
}
