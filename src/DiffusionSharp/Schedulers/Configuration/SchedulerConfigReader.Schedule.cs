using System.Text.Json;

namespace DiffusionSharp.Schedulers;

/// <content>Reading noise schedules. What a configuration leaves out is a class's own default.</content>
internal sealed partial class SchedulerConfigReader
{
    public NoiseSchedule Schedule(string defaultShape = "linear", double defaultStart = 0.0001, double defaultEnd = 0.02)
    {
        NoiseSchedule schedule = FixedSchedule(defaultStart, defaultEnd, defaultShape);
        return Flag("rescale_betas_zero_snr", false) ? schedule.WithZeroTerminalSnr() : schedule;
    }

    /// <summary>The schedule of classes that do not know zero terminal SNR.</summary>
    public NoiseSchedule FixedSchedule(double defaultStart, double defaultEnd, string defaultShape = "linear")
    {
        if (TrainedBetas() is { } betas)
        {
            return NoiseSchedule.FromBetas(betas);
        }

        int timesteps = Integer("num_train_timesteps", 1000);
        double start = Number("beta_start", defaultStart);
        double end = Number("beta_end", defaultEnd);
        (string Name, Func<NoiseSchedule> Create)[] shapes =
        [
            ("linear", () => NoiseSchedule.Linear(timesteps, start, end)),
            ("scaled_linear", () => NoiseSchedule.ScaledLinear(timesteps, start, end)),
            ("squaredcos_cap_v2", () => NoiseSchedule.SquaredCosine(timesteps)),
            ("exp", () => NoiseSchedule.Exponential(timesteps)),
            ("sigmoid", () => NoiseSchedule.Sigmoid(timesteps, start, end)),
            ("laplace", () => NoiseSchedule.Laplace(timesteps)),
        ];
        return Choice("beta_schedule", Array.Find(shapes, shape => shape.Name == defaultShape).Create, shapes)();
    }

    public float[]? TrainedBetas() => _file.List("trained_betas", "a list of numbers") is { } list
        ? [.. list.Select(beta => beta.ValueKind == JsonValueKind.Number && float.IsFinite(beta.GetSingle()) ? beta.GetSingle() : throw _file.Wrong("trained_betas", "a list of numbers", beta))]
        : null;
}
