using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Prediction;

/// <summary>The prediction of a sample from those of its windows.</summary>
internal sealed class WindowedRun : DelegatingPredictionRun
{
    private readonly TileGrid _grid;
    private readonly IPredictionRun[] _windows;
    private readonly float[] _sample;
    private readonly float[] _prediction;

    private WindowedRun(SampleShape shape, TileGrid grid, IPredictionRun[] windows)
        : base(windows[0], windows.AsSpan(1))
    {
        // A network may predict a variance behind the channels of the sample.
        int channels = windows[0].Prediction.Length / windows[0].Shape.Length;
        (_grid, Shape, _windows, _sample, _prediction) = (grid, shape, windows, new float[shape.Length], new float[shape.Length * channels]);
    }

    public override SampleShape Shape { get; }

    public override Span<float> Sample => _sample;

    public override Span<float> Prediction => _prediction;

    public static WindowedRun Start(INoisePredictor predictor, PredictionPlan plan, TileGrid grid)
    {
        SampleShape whole = plan.Shape;
        var window = new SampleShape(whole.Batch, whole.Channels, grid.TileHeight, grid.TileWidth) { Frames = whole.Frames };
        var windows = new IPredictionRun[grid.Count];
        try
        {
            for (int i = 0; i < windows.Length; i++)
            {
                windows[i] = predictor.Start(plan with { Shape = window, Conditioning = plan.Conditioning.Crop(grid, i) });
            }

            return new WindowedRun(whole, grid, windows);
        }
        catch
        {
            Array.ForEach(windows, run => run?.Dispose());
            throw;
        }
    }

    public override void SetConditions(Conditioning conditioning)
    {
        for (int i = 0; i < _windows.Length; i++)
        {
            _windows[i].SetConditions(conditioning.Crop(_grid, i));
        }
    }

    public override void Predict(in StepPoint at)
    {
        Array.Clear(_prediction);
        for (int i = 0; i < _windows.Length; i++)
        {
            _grid.Copy(i, _sample, _windows[i].Sample);
            _windows[i].Predict(at);
            _grid.Add(i, _windows[i].Prediction, _prediction);
        }
    }
}
