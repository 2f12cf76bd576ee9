using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>A generation that is saved before a call and goes on in a fresh run ends in the same sample, bit for bit.</summary>
public class SchedulerStateTests
{
    private const int Steps = 6;

    public static TheoryData<string> Names() => [.. KnownSchedulers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_goes_on_from_its_state_at_every_call(string name)
    {
        ISchedulerRun run = KnownSchedulers.Start(name, Steps);
        PerImageNoise noise = Noise();
        float[] sample = Array.ConvertAll(KnownSchedulers.Values(1), x => x * (float)run.InitialNoiseScale);
        var saved = new List<(byte[] State, float[] Sample)>();
        for (int call = 0; call < run.CallCount; call++)
        {
            saved.Add((Saved(run, noise), [.. sample]));
            Take(run, call, sample, noise);
        }

        for (int from = 0; from < saved.Count; from++)
        {
            ISchedulerRun fresh = KnownSchedulers.Start(name, Steps);
            PerImageNoise freshNoise = Noise();
            float[] resumed = [.. saved[from].Sample];
            using var reader = new BinaryReader(new MemoryStream(saved[from].State));
            fresh.Restore(reader);
            freshNoise.Restore(reader);
            Assert.Equal(reader.BaseStream.Length, reader.BaseStream.Position);
            Assert.Equal(saved[from].State, Saved(fresh, freshNoise));
            for (int call = from; call < fresh.CallCount; call++)
            {
                Take(fresh, call, resumed, freshNoise);
            }

            Assert.Equal(sample, resumed);
        }
    }

    // As docs/schedulers.md says: samples of the whole batch, and what the sampler knows beside them.
    [Theory]
    [InlineData("DDPMScheduler", 0)]
    [InlineData("Euler with churn", 0)]
    [InlineData("HeunDiscreteScheduler", 2)]
    [InlineData("LMSDiscreteScheduler", 4)]
    [InlineData("DPMSolverMultistepScheduler", 2)]
    [InlineData("DPM-Solver 3", 3)]
    [InlineData("DPM-Solver singlestep 3", 4)]
    [InlineData("UniPC 3 of noise", 5)]
    [InlineData("SA-Solver 4", 5)]
    [InlineData("IPNDMScheduler", 4)]
    [InlineData("PLMS", 4)]
    [InlineData("PNDMScheduler", 5)]
    [InlineData("DPMSolverSDEScheduler", 1)]
    public void A_state_is_as_large_as_documented(string name, int samples)
    {
        int length = Saved(KnownSchedulers.Start(name, Steps)).Length;
        Assert.InRange(length - (samples * KnownSchedulers.Shape.Length * sizeof(float)), 0, 100);
    }

    private static PerImageNoise Noise() => new PerImageNoise(new TorchCpuNoise(3L), new TorchCpuNoise(4L));

    private static byte[] Saved(params ReadOnlySpan<IStateful> parts)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (IStateful part in parts)
        {
            part.Save(writer);
        }

        writer.Flush();
        return stream.ToArray();
    }

    // A model whose prediction depends on where it is asked, guided differently for each picture.
    private static void Take(ISchedulerRun run, int call, float[] sample, INoiseSource noise)
    {
        var input = new float[sample.Length];
        run.PrepareInput(call, sample, input, noise);
        float share = 1 / (1 + (float)Math.Abs(run.LevelAt(call).Timestep));
        var prediction = new GuidedPrediction
        {
            Conditional = Array.ConvertAll(input, x => (x / (1 + Math.Abs(x))) + share),
            Unconditional = Array.ConvertAll(input, x => x / 2),
            ConditionalWeights = [3, 1.5],
            UnconditionalWeights = [-2, -0.5],
        };
        run.Step(call, prediction, sample, sample, noise);
    }
}
