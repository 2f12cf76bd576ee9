using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Prediction;

/// <summary>The prediction of a sample from those of its windows.</summary>
internal sealed class WindowedRun : IPredictionRun
{
    private readonly TileGrid _grid;
    private readonly IPredictionRun[] _windows;
    private readonly float[] _sample;
    private readonly float[] _prediction;

    public WindowedRun(INoisePredictor predictor, PredictionPlan plan, TileGrid grid)
    {
        (_grid, Shape, _windows, _sample) = (grid, plan.Shape, new IPredictionRun[grid.Count], new float[plan.Shape.Length]);
        var window = new SampleShape(Shape.Batch, Shape.Channels, grid.TileHeight, grid.TileWidth) { Frames = Shape.Frames };
        try
        {
            for (int i = 0; i < _windows.Length; i++)
            {
                _windows[i] = predictor.Start(plan with { Shape = window, Conditioning = plan.Conditioning.Crop(grid, i) });
            }

            // A network may predict a variance behind the channels of the sample.
            _prediction = new float[Shape.Length * (_windows[0].Prediction.Length / window.Length)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SampleShape Shape { get; }

    public Span<float> Sample => _sample;

    public Span<float> Prediction => _prediction;

    public int Evaluations => _windows.Sum(window => window.Evaluations);

    public void SetConditions(Conditioning conditioning)
    {
        for (int i = 0; i < _windows.Length; i++)
        {
            _windows[i].SetConditions(conditioning.Crop(_grid, i));
        }
    }

    public void Predict(in StepPoint at)
    {
        Array.Clear(_prediction);
        for (int i = 0; i < _windows.Length; i++)
        {
            _grid.Copy(i, _sample, _windows[i].Sample);
            _windows[i].Predict(at);
            _grid.Add(i, _windows[i].Prediction, _prediction);
        }
    }

    public void Finish() => Array.ForEach(_windows, window => window.Finish());

    public void Save(BinaryWriter writer) => Array.ForEach(_windows, window => window.Save(writer));

    public void Restore(BinaryReader reader) => Array.ForEach(_windows, window => window.Restore(reader));

    public void Dispose() => Array.ForEach(_windows, window => window?.Dispose());
}
