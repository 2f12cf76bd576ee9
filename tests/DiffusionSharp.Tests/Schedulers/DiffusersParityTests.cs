using System.Text.Json;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Full loops must end where those of diffusers end, with the same configuration, model and noise.</summary>
public class DiffusersParityTests
{
    public static TheoryData<string> Loops()
    {
        var ids = new TheoryData<string>();
        foreach (JsonElement vector in SchedulerVectors.All.GetProperty("vectors").EnumerateArray())
        {
            if (SchedulerConfig.KnownClasses.Contains(vector.GetProperty("scheduler").GetString()!))
            {
                ids.Add(vector.GetProperty("id").GetString()!);
            }
        }

        return ids;
    }

    public static TheoryData<string> MoreLoops() => SchedulerVectors.IdsOf("vectors");

    public static TheoryData<string> RarerLoops() => SchedulerVectors.RarerIds();

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_loop_ends_where_diffusers_ends(string id)
    {
        JsonElement vector = SchedulerVectors.Find("vectors", id);
        int draws = vector.TryGetProperty("noise", out JsonElement digits) ? digits.GetString()!.Sum(c => c - '0') : 0;
        EndsWhereDiffusersEnds(vector, SchedulerVectors.All.GetProperty("schedules").GetProperty(vector.GetProperty("schedule").GetString()!), draws);
    }

    [Theory]
    [MemberData(nameof(MoreLoops))]
    public void A_loop_of_random_configuration_ends_where_diffusers_ends(string id)
    {
        JsonElement vector = SchedulerVectors.FindMore("vectors", id);
        EndsWhereDiffusersEnds(vector, vector.GetProperty("layout"), vector.GetProperty("draws").GetInt32());
    }

    [Theory]
    [MemberData(nameof(RarerLoops))]
    public void A_loop_of_a_rarer_class_ends_where_diffusers_ends(string id)
    {
        JsonElement vector = SchedulerVectors.FindRarer(id);
        EndsWhereDiffusersEnds(vector, vector.GetProperty("layout"), vector.GetProperty("draws").GetInt32());
    }

    private static void EndsWhereDiffusersEnds(JsonElement vector, JsonElement schedule, int draws)
    {
        ISchedulerRun run = Start(vector);
        ScheduleAssert.Equal(schedule, vector, run);
        Assert.Equal(vector.GetProperty("calls").GetInt32(), run.Timesteps.Count - FirstIndex(vector));

        var noise = new ScriptedNoise(SchedulerVectors.NoiseRowAgain);
        var trace = new List<double>();
        float[] sample = Loop(run, vector, noise, trace);

        Assert.Equal(draws, noise.Draws);

        // `tol` is the spread of float32-faithful implementations that the peer's vectors came with.
        double tolerance = vector.GetProperty("tol").GetDouble();
        SchedulerVectors.AssertEnd(vector, sample);

        // mean|x| after every call, where the record has it: an error of one step shows in that step.
        if (vector.TryGetProperty("trace", out JsonElement means))
        {
            double traceTolerance = vector.TryGetProperty("trace_tol", out JsonElement own) ? own.GetDouble() : tolerance;
            Assert.Equal(means.GetArrayLength(), trace.Count);
            Assert.All(means.EnumerateArray().Zip(trace), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, traceTolerance));
        }
    }

    private static ISchedulerRun Start(JsonElement vector)
    {
        IScheduler scheduler = StepArguments.Apply(SchedulerConfig.Create(SchedulerVectors.ConfigText(vector)), vector);
        JsonElement set = vector.GetProperty("set_timesteps");
        int steps = set.TryGetProperty("num_inference_steps", out JsonElement count) ? count.GetInt32() : 0;
        return scheduler.Start(new SamplingPlan(steps, new SampleShape(SchedulerVectors.Batch, SchedulerVectors.Channels, SchedulerVectors.Side, SchedulerVectors.Side))
        {
            Timesteps = set.TryGetProperty("timesteps", out JsonElement timesteps) && scheduler is not ScmScheduler ? [.. timesteps.EnumerateArray().Select(t => (int)t.GetDouble())] : null,
            Sigmas = set.TryGetProperty("sigmas", out JsonElement sigmas) ? [.. sigmas.EnumerateArray().Select(s => s.GetDouble())] : StepArguments.SigmasOfTimes(scheduler, set),
            Mu = set.TryGetProperty("mu", out JsonElement mu) ? mu.GetDouble() : null,
        });
    }

    private static int FirstIndex(JsonElement vector) =>
        vector.TryGetProperty("img2img", out JsonElement start) ? start.GetProperty("first_timestep_index").GetInt32() : 0;

    private static float[] Loop(ISchedulerRun run, JsonElement vector, INoiseSource noise, List<double> trace)
    {
        string model = vector.GetProperty("model").GetString()!;
        float[] sample = model == "dummy" ? SchedulerVectors.DummySample() : SchedulerVectors.WideSample();
        int first = FirstIndex(vector);
        if (vector.TryGetProperty("img2img", out _))
        {
            run.AddNoise(first, sample, SchedulerVectors.DummyNoise(), sample);
        }
        else
        {
            sample = Array.ConvertAll(sample, x => (float)(x * run.InitialNoiseScale));
        }

        var input = new float[sample.Length];
        for (int i = first; i < run.Timesteps.Count; i++)
        {
            run.PrepareInput(i, sample, input, noise);
            float[] output = SchedulerVectors.Model(model, input, run.LevelAt(i).Timestep);
            if (vector.TryGetProperty("learned_variance", out _))
            {
                output = Twice(output);
            }

            run.Step(i, new GuidedPrediction(output), sample, sample, noise);
            trace.Add(sample.Average(v => Math.Abs((double)v)));
        }

        return sample;
    }

    // concat([m, m]) along the channels.
    private static float[] Twice(float[] m)
    {
        int image = m.Length / SchedulerVectors.Batch;
        return [.. Enumerable.Range(0, SchedulerVectors.Batch).SelectMany(b => m[(b * image)..((b + 1) * image)].Concat(m[(b * image)..((b + 1) * image)]))];
    }
}
