namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A generation in a process of its own, which writes a checkpoint to a file after every step, whole or not at all.</summary>
internal static class CheckpointedGeneration
{
    public static TextToImageRequest Request { get; } = new("a cat") { Seed = 5, Count = 2, Steps = 40 };

    /// <summary>Begins, or goes on where the file says, and leaves the picture beside it. Slow enough to be killed on the way.</summary>
    public static async Task RunAsync(string file, TimeSpan pause)
    {
        await using DiffusionPipeline pipeline = Pipeline();
        IAsyncEnumerable<DenoisingStep> steps = File.Exists(file) ? pipeline.ResumeAsync(new MemoryStream(await File.ReadAllBytesAsync(file))) : pipeline.StreamAsync(Request);
        await foreach (DenoisingStep step in steps)
        {
            Save(step, file);
            if (step.IsLast)
            {
                await File.WriteAllBytesAsync($"{file}.float32", Serialization.Replay.Bytes(await step.DecodeResultAsync()));
            }

            await Task.Delay(pause);
        }
    }

    public static DiffusionPipeline Pipeline() => Toy.Pipeline(Toy.Ddpm);

    private static void Save(DenoisingStep step, string file)
    {
        string written = $"{file}.new";
        using (FileStream stream = File.Create(written))
        {
            step.SaveCheckpoint(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(written, file, overwrite: true);
    }
}
