using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>m is the model's prediction as it is.</summary>
internal sealed class PndmRun : DiscreteRun
{
    private const int MultistepSlots = 4;
    private const int FirstHalfwaySlot = 3;
    private const int SecondHalfwaySlot = 4;

    private readonly PndmOptions _options;
    private readonly int _stride;
    private readonly int _prkSteps;
    private int _taken;
    private int _kept;
    private Transfer _previous;

    public PndmRun(PndmOptions options, SamplingPlan plan)
        : base(options, PndmGrid.Create(options, plan), new StepKernel(plan.Shape, options.Clipping, stochastic: false, history: options.SkipPrkSteps ? MultistepSlots - 1 : MultistepSlots))
    {
        _options = options;
        _stride = options.Schedule.TrainingTimesteps / plan.Steps;
        _prkSteps = options.SkipPrkSteps ? 0 : PndmGrid.PrkSteps;
    }

    private int PrkCalls => _prkSteps * PndmGrid.CallsPerPrkStep;

    public override int StepOf(int call) => call < PrkCalls ? call / PndmGrid.CallsPerPrkStep : call - PrkCalls + _prkSteps;

    public override int FirstCallOf(int step) => Math.Min(step < _prkSteps ? step * PndmGrid.CallsPerPrkStep : step - _prkSteps + PrkCalls, CallCount);

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int t = TimestepAt(call);

        // Counted from where the generation starts: image-to-image begins with the formulas of lower order again, as in reference implementations.
        (StepCoefficients step, HistorySlots slots) =
            call < PrkCalls ? RungeKutta(call, t)
            : _taken == 1 && _options.SkipPrkSteps ? Corrector(t)
            : Multistep(t);
        Kernel.Step(step, slots, prediction, sample, [], destination);
        _taken++;
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_taken);
        writer.Write(_kept);
        writer.Write(_previous.FromSample);
        writer.Write(_previous.FromPrediction);
    }

    public override void Restore(BinaryReader reader)
    {
        base.Restore(reader);
        (_taken, _kept) = (reader.ReadInt32(), reader.ReadInt32());
        _previous = new Transfer(reader.ReadDouble(), reader.ReadDouble());
    }

    // Of the four predictions of a step only the first is needed later, by the multistep formula.
    private (StepCoefficients Step, HistorySlots Slots) RungeKutta(int call, int t)
    {
        int stage = call % PndmGrid.CallsPerPrkStep;
        if (stage != _taken % PndmGrid.CallsPerPrkStep)
        {
            throw new InvalidOperationException($"Call {call} is within a Runge-Kutta step: a generation starts at its first call, {call - stage}.");
        }

        _kept += stage == 0 ? 1 : 0;
        int start = _kept - 1;
        int half = stage % 2 == 1 ? 0 : _stride / 2;
        Transfer transfer = Between(IntegerTimesteps[call - stage], t - half);
        Transfer previous = _previous;
        _previous = transfer;
        return stage switch
        {
            0 => (transfer.Step(1), new(start)),
            1 => (transfer.Again(previous, 1, 0), new(FirstHalfwaySlot, start)),
            2 => (transfer.Again(previous, 1, 0), new(SecondHalfwaySlot, FirstHalfwaySlot)),
            _ => (
                transfer.Again(previous, 1 / 6.0, 1 / 3.0) with { FromHistory2 = transfer.FromPrediction / 3, FromHistory3 = transfer.FromPrediction / 6 },
                new(HistorySlots.None, SecondHalfwaySlot, FirstHalfwaySlot, start)),
        };
    }

    // The first step once more, from where it started, with the mean of the predictions at its ends.
    private (StepCoefficients Step, HistorySlots Slots) Corrector(int t) =>
        (Between(t + _stride, t).Again(_previous, 1 / 2.0, 1 / 2.0), new(HistorySlots.None, First: 0));

    private (StepCoefficients Step, HistorySlots Slots) Multistep(int t)
    {
        int newest = _kept++;
        Transfer transfer = Between(t, t - _stride);
        _previous = transfer;
        (double p0, double p1, double p2, double p3) = AdamsBashforth.Weights(Math.Min(newest + 1, MultistepSlots));
        double weight = transfer.FromPrediction;
        StepCoefficients step = transfer.Step(p0) with { FromHistory1 = weight * p1, FromHistory2 = weight * p2, FromHistory3 = weight * p3 };
        return (step, HistorySlots.Ring(newest % MultistepSlots, MultistepSlots));
    }

    // The transfer φ of the paper (eq. 11): DDIM's step for a given noise. Not DDIM where timesteps do not follow each other, so in its own form.
    private Transfer Between(int from, int to)
    {
        double alphaBar = _options.Schedule.AlphaBar[from];
        double next = to >= 0 ? _options.Schedule.AlphaBar[to] : _options.SetAlphaToOne ? 1 : _options.Schedule.AlphaBar[0];
        double weight = alphaBar == next ? 0 : (next - alphaBar) / ((alphaBar * Math.Sqrt(1 - next)) + Math.Sqrt(alphaBar * (1 - alphaBar) * next));
        double signal = Math.Sqrt(next / alphaBar);
        return _options.PredictionType == PredictionType.Velocity
            ? new(signal - (weight * Math.Sqrt(1 - alphaBar)), -weight * Math.Sqrt(alphaBar))
            : new(signal, -weight);
    }

    /// <summary>A step <c>x' = FromSample·x + FromPrediction·p</c>.</summary>
    private readonly record struct Transfer(double FromSample, double FromPrediction)
    {
        public StepCoefficients Step(double share) => new()
        {
            ModelFromSample = 0,
            ModelFromPrediction = 1,
            FromSample = FromSample,
            FromModel = FromPrediction * share,
        };

        // From where the previous step started, which is undone: it led to previous.FromSample·x + previous.FromPrediction·m_1.
        public StepCoefficients Again(Transfer previous, double share, double shareOfPrevious)
        {
            double back = FromSample / previous.FromSample;
            return Step(share) with { FromSample = back, FromHistory1 = (FromPrediction * shareOfPrevious) - (back * previous.FromPrediction) };
        }
    }
}
