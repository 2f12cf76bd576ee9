using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Predictions of one number of rows: conditions are bound once, only the sample and the timestep move.</summary>
internal sealed class OnnxPredictionRun : StatelessPredictionRun, IRowwiseRun
{
    private readonly NetworkInputs _inputs;
    private readonly SampleFormat _format;
    private readonly ModelBuffer _output;
    private readonly float[]? _prediction;

    public OnnxPredictionRun(OnnxSession session, PredictorLayout layout, PredictionPlan plan)
        : base(plan.Shape)
    {
        _format = layout.Format;
        int channels = layout.OutputChannels ?? plan.Shape.Channels;
        _prediction = _format.IsPlain ? null : new float[plan.Shape.Length / plan.Shape.Channels * channels];
        _inputs = new NetworkInputs(session, layout, plan);
        try
        {
            _output = _inputs.Session.CreateBuffer(layout.Output, _format.Shape(plan.Shape, channels));
            _inputs.Binding.BindOutput(layout.Output.Name, _output.Value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override Span<float> Sample => _inputs.Sample;

    public override Span<float> Prediction => _prediction ?? _output.Floats;

    /// <summary>Binds an input that is none of the layout's.</summary>
    public void Bind(string name, OrtValue value) => _inputs.Bind(name, value);

    public override void SetConditions(Conditioning conditioning) => _inputs.SetConditions(conditioning);

    public void SetConditions(int row, Conditioning conditioning) => _inputs.SetConditions(row, conditioning);

    public override void Predict(in StepPoint at)
    {
        _inputs.SetTimestep(at.Level.Timestep);
        Predict();
    }

    public void Predict(ReadOnlySpan<double> timesteps)
    {
        _inputs.SetTimesteps(timesteps);
        Predict();
    }

    // The prediction lies in managed memory, so it can be read afterwards.
    public override void Finish() => Dispose();

    protected override void Dispose(bool disposing)
    {
        _output?.Dispose();
        _inputs.Dispose();
        base.Dispose(disposing);
    }

    private void Predict()
    {
        _inputs.Run();
        _output.Download();
        if (_prediction is not null)
        {
            _format.Read(Shape, _output.Floats, _prediction);
        }

        Evaluations++;
    }
}
