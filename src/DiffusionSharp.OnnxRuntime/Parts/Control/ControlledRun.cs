using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Predictions of a UNet that ControlNets add to.</summary>
internal sealed class ControlledRun(OnnxPredictionRun unet, ControlNetRun[] nets, ResidualAddition addition, PredictionPlan plan) : StatelessPredictionRun(plan.Shape), IRowwiseRun
{
    private readonly double[] _timesteps = new double[plan.Shape.Batch];
    private ResidualSums? _sums;
    private bool _weightsChanged;

    public override Span<float> Sample => unet.Sample;

    public override Span<float> Prediction => unet.Prediction;

    public override void SetConditions(Conditioning conditioning)
    {
        unet.SetConditions(conditioning);
        foreach (ControlNetRun net in nets)
        {
            net.SetConditions(conditioning);
        }

        _weightsChanged = true;
    }

    public void SetConditions(int row, Conditioning conditioning)
    {
        unet.SetConditions(row, conditioning);
        foreach (ControlNetRun net in nets)
        {
            net.SetConditions(row, conditioning);
        }

        _weightsChanged = true;
    }

    public override void Predict(in StepPoint at)
    {
        _timesteps.AsSpan().Fill(at.Level.Timestep);
        Predict(_timesteps);
    }

    public void Predict(ReadOnlySpan<double> timesteps)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        foreach (ControlNetRun net in nets)
        {
            net.Run(Sample, timesteps);
        }

        if (_sums is null)
        {
            _sums = addition.Start(nets, plan);
            _sums.Bind(unet);
            _weightsChanged = true;
        }

        if (_weightsChanged)
        {
            _sums.WriteWeights();
            _weightsChanged = false;
        }

        _sums.Run();
        unet.Predict(timesteps);
        Evaluations++;
    }

    public override void Finish() => Dispose();

    protected override void Dispose(bool disposing)
    {
        unet.Dispose();
        _sums?.Dispose();
        foreach (ControlNetRun net in nets)
        {
            net.Dispose();
        }

        base.Dispose(disposing);
    }
}
