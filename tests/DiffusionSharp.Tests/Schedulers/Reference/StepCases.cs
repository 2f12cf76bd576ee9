using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>Random steps: every schedule, prediction type, clipping, spacing, guidance and batch size.</summary>
internal static class StepCases
{
    private static readonly NamedSchedule[] Schedules =
    [
        new("linear", NoiseSchedule.Linear()),
        new("scaled linear", NoiseSchedule.ScaledLinear()),
        new("squared cosine", NoiseSchedule.SquaredCosine()),
        new("sigmoid of 60", NoiseSchedule.Sigmoid(60)),
        new("zero terminal SNR", NoiseSchedule.ScaledLinear().WithZeroTerminalSnr()),
        new("five betas", NoiseSchedule.FromBetas([0.02f, 0.1f, 0.05f, 0.5f, 0.9f])),
    ];

    public static Gen<StepCase> All { get; } = Create().Where(HasSignal);

    private static Gen<StepCase> Create() =>
        from schedule in Gen.Elements(Schedules)
        from type in Gen.Elements(PredictionType.Epsilon, PredictionType.Sample, PredictionType.Velocity)
        from thresholding in Clippings
        from shape in Shapes
        from guidance in Gen.Frequency((1, Gen.Constant<float?>(null)), (2, Gen.Choose(-8, 60).Select(w => (float?)(w / 4f))))
        from spacing in Gen.Elements(Enum.GetValues<TimestepSpacing>())
        from steps in Gen.Choose(1, schedule.Schedule.TrainingTimesteps)
        from offset in Gen.Choose(0, steps <= schedule.Schedule.TrainingTimesteps / 2 ? 1 : 0)
        from timesteps in Gen.OneOf(Gen.Constant<string?>(null), Timesteps(schedule.Schedule.TrainingTimesteps))
        from position in Gen.Choose(0, 1000)
        from seed in Gen.Choose(0, 1_000_000)
        select new StepCase
        {
            Schedule = schedule,
            PredictionType = type,
            Thresholding = thresholding,
            Shape = shape,
            GuidanceScale = guidance,
            Spacing = spacing,
            StepsOffset = offset,
            Steps = steps,
            CustomTimesteps = timesteps,
            Position = position / 1000.0,
            Seed = seed,
        };

    private static Gen<Thresholding> Clippings => Gen.OneOf(
        Gen.Constant<Thresholding>(new Thresholding.None()),
        Gen.Elements(1f, 0.5f, 3f).Select(range => (Thresholding)new Thresholding.Static(range)),
        from ratio in Gen.Elements(0f, 0.5f, 0.9f, 0.995f, 1f)
        from maximum in Gen.Elements(0.7f, 1f, 1.5f, 100f)
        select (Thresholding)new Thresholding.Dynamic(ratio, maximum));

    // Up to 4·3·7·6 values, so that vector loops and their scalar ends both run.
    private static Gen<SampleShape> Shapes =>
        from batch in Gen.Choose(1, 4)
        from channels in Gen.Choose(1, 3)
        from height in Gen.Choose(1, 7)
        from width in Gen.Choose(1, 6)
        select new SampleShape(batch, channels, height, width);

    private static Gen<string?> Timesteps(int trained) =>
        from count in Gen.Choose(1, 4)
        from timesteps in Gen.Choose(0, trained - 1).ArrayOf(count)
        select (string?)string.Join(',', timesteps.Distinct().OrderDescending());

    // Where no signal is left a noise prediction says nothing of x_0, which the formulas show as a division by zero.
    private static bool HasSignal(StepCase c) => c.PredictionType != PredictionType.Epsilon || c.Schedule.Schedule.AlphaBar[^1] > 0;
}
