using System.Text.Json;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>What diffusers takes as arguments of each step is configuration here.</summary>
internal static class StepArguments
{
    public static IScheduler Apply(IScheduler scheduler, JsonElement vector)
    {
        scheduler = ApplyOfTimesteps(scheduler, vector.GetProperty("set_timesteps"));
        if (!vector.TryGetProperty("step_args", out JsonElement arguments))
        {
            return scheduler;
        }

        double Number(string key, double fallback) => arguments.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : fallback;
        return scheduler switch
        {
            DdimScheduler ddim => new DdimScheduler(ddim.Options with
            {
                Eta = Number("eta", 0),
                UseClippedModelOutput = arguments.TryGetProperty("use_clipped_model_output", out JsonElement clipped) && clipped.GetBoolean(),
            }),
            EulerScheduler euler => new EulerScheduler(euler.Options with
            {
                Churn = Number("s_churn", 0),
                ChurnMinimum = Number("s_tmin", 0),
                ChurnMaximum = Number("s_tmax", double.PositiveInfinity),
                ChurnNoise = Number("s_noise", 1),
            }),
            EdmEulerScheduler edm => new EdmEulerScheduler(edm.Options with
            {
                Churn = Number("s_churn", 0),
                ChurnMinimum = Number("s_tmin", 0),
                ChurnMaximum = Number("s_tmax", double.PositiveInfinity),
                ChurnNoise = Number("s_noise", 1),
            }),
            TcdScheduler tcd => new TcdScheduler(tcd.Options with { Eta = Number("eta", 0.3) }),
            FlowMatchEulerScheduler flow => flow, // whose reference implementation takes churn and does not use it
            FlowMatchHeunScheduler heun => new FlowMatchHeunScheduler(heun.Options with
            {
                Churn = Number("s_churn", 0),
                ChurnMinimum = Number("s_tmin", 0),
                ChurnMaximum = Number("s_tmax", double.PositiveInfinity),
                ChurnNoise = Number("s_noise", 1),
            }),
            LmsScheduler lms => new LmsScheduler(lms.Options with { Order = (int)Number("order", 4) }),
            SaSolverScheduler sa => arguments.TryGetProperty("tau", out JsonElement tau) ? new SaSolverScheduler(sa.Options with { Tau = _ => tau.GetDouble() }) : sa,
            _ when !arguments.EnumerateObject().Any() => scheduler,
            _ => throw new NotSupportedException($"Step arguments of {scheduler} are not known to the tests."),
        };
    }

    /// <summary>Noise levels of one's own, where the peer takes them as angles.</summary>
    public static IReadOnlyList<double>? SigmasOfTimes(IScheduler scheduler, JsonElement arguments) =>
        scheduler is ScmScheduler scm && arguments.TryGetProperty("timesteps", out JsonElement times)
            ? [.. times.EnumerateArray().SkipLast(1).Select(t => scm.Options.SigmaData * Math.Tan(t.GetDouble()))]
            : null;

    // What is passed along with the number of steps. Given there, it makes TCD choose among all timesteps.
    private static IScheduler ApplyOfTimesteps(IScheduler scheduler, JsonElement arguments) =>
        (scheduler, arguments.TryGetProperty("original_inference_steps", out JsonElement steps)) switch
        {
            (LcmScheduler lcm, true) => new LcmScheduler(lcm.Options with { OriginalInferenceSteps = steps.GetInt32() }),
            (ScmScheduler scm, _) when arguments.GetProperty("max_timesteps") is { ValueKind: JsonValueKind.Number } maximum => new ScmScheduler(scm.Options with
            {
                MaximumTime = maximum.GetDouble(),
                IntermediateTime = arguments.GetProperty("intermediate_timesteps") is { ValueKind: JsonValueKind.Number } intermediate ? intermediate.GetDouble() : null,
            }),
            (TcdScheduler tcd, true) => new TcdScheduler(tcd.Options with { UsesAllTimesteps = true }),
            _ => scheduler,
        };
}
