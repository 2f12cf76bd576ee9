using System.Diagnostics;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A process that is killed in the middle of a generation: another one finishes it.</summary>
public class KilledGenerationTests
{
    [Fact]
    public async Task Another_process_finishes_what_a_killed_one_has_begun_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("generation.checkpoint");
        for (int kill = 0; kill < 2; kill++)
        {
            DateTime before = File.Exists(file) ? File.GetLastWriteTimeUtc(file) : DateTime.MinValue;
            using Process process = ChildProcess.Start("checkpointed", file, "200");
            Assert.True(SpinWait.SpinUntil(() => process.HasExited || (File.Exists(file) && File.GetLastWriteTimeUtc(file) > before), TimeSpan.FromMinutes(5)), "No checkpoint came.");
            Assert.False(process.HasExited, "The process ended by itself.");
            process.Kill();
            await process.WaitForExitAsync();
            Assert.False(File.Exists($"{file}.float32"));
        }

        await ChildProcess.RunAsync("checkpointed", file, "0");
        using DiffusionPipeline pipeline = CheckpointedGeneration.Pipeline();
        Assert.Equal(Serialization.Replay.Bytes(pipeline.Generate(CheckpointedGeneration.Request)), await File.ReadAllBytesAsync($"{file}.float32"));
    }
}
