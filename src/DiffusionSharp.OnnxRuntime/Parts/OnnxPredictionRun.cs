using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Predictions of one number of rows: conditions are bound once, only the sample and the timestep move.</summary>
internal sealed class OnnxPredictionRun : IRowwiseRun
{
    private readonly string _path;
    private readonly bool _rebinds;
    private readonly SessionLease _session;
    private readonly OrtIoBinding _binding;
    private readonly ModelRun _run;
    private readonly SampleShape _shape;
    private readonly PredictorLayout _layout;
    private BoundConditions _conditions;
    private readonly ModelBuffer _input;
    private readonly ModelBuffer _timestep;
    private readonly ModelBuffer _output;
    private readonly string _inputName;
    private readonly string _timestepName;
    private readonly bool _hasTimestepPerRow;
    private readonly double[] _timesteps;
    private readonly float[]? _sample;
    private readonly float[]? _prediction;
    private bool _disposed;

    public OnnxPredictionRun(OnnxSession session, PredictorLayout layout, PredictionPlan plan)
    {
        (_path, _layout) = (session.Path, layout);
        _shape = plan.Shape;
        _hasTimestepPerRow = layout.HasTimestepPerRow;
        (_inputName, _timestepName) = (layout.Sample.Name, layout.Timestep.Name);
        int extra = plan.Conditioning[ConditionNames.Concatenated] is { } concatenated ? (int)concatenated.Values.Lengths[1] : 0;
        int outputs = layout.OutputChannels ?? _shape.Channels;
        _timesteps = new double[_shape.Batch];
        _sample = extra > 0 || !layout.Format.IsPlain ? new float[_shape.Length] : null;
        _prediction = layout.Format.IsPlain ? null : new float[_shape.Length / _shape.Channels * outputs];
        _session = session.Acquire();
        _rebinds = _session.NeedsRebinding;
        try
        {
            _run = new ModelRun(plan.CancellationToken);
            _binding = _session.CreateBinding();
            _input = _session.CreateBuffer(layout.Sample, layout.Format.Shape(_shape, _shape.Channels + extra));
            _timestep = _session.CreateBuffer(layout.Timestep, layout.Timestep.Rank == 0 ? [] : [layout.Timestep.Fixed(0) ?? _shape.Batch]);
            _output = _session.CreateBuffer(layout.Output, layout.Format.Shape(_shape, outputs));
            _conditions = new BoundConditions(_session, layout, plan.Shape, plan.Conditioning);
            SetConditions(0, plan.Conditioning);
            _binding.BindInput(_inputName, _input.Value);
            _binding.BindInput(_timestepName, _timestep.Value);
            _binding.BindOutput(layout.Output.Name, _output.Value);
            _conditions.Bind(_binding);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SampleShape Shape => _shape;

    public Span<float> Sample => _sample ?? _input.Floats;

    public Span<float> Prediction => _prediction ?? _output.Floats;

    public int Evaluations { get; private set; }

    public void SetConditions(Conditioning conditioning)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Conditioning complete = _layout.Format.Complete(_shape, conditioning);
        _layout.Check(_shape, complete);
        if (!_conditions.Fit(complete))
        {
            var other = new BoundConditions(_session, _layout, _shape, complete);
            _conditions.Dispose();
            _conditions = other;
            _conditions.Bind(_binding);
        }

        SetConditions(0, complete);
    }

    public void SetConditions(int row, Conditioning conditioning)
    {
        _conditions.Write(row, conditioning);
        if (conditioning[ConditionNames.Concatenated] is { } concatenated)
        {
            WriteConcatenated(row, concatenated.Values.Values());
        }
    }

    public void Predict(in StepPoint at)
    {
        _timestep.Fill(at.Level.Timestep * _layout.Format.TimestepScale);
        Predict();
    }

    public void Predict(ReadOnlySpan<double> timesteps)
    {
        if (timesteps.Length != _shape.Batch || (!_hasTimestepPerRow && timesteps.ContainsAnyExcept(timesteps[0])))
        {
            throw new ArgumentException($"{_path}: expected a timestep for each of {_shape.Batch} rows{(_hasTimestepPerRow ? "" : ", all the same, because the model takes one for all of them")}.", nameof(timesteps));
        }

        if (_hasTimestepPerRow)
        {
            TensorPrimitives.Multiply(timesteps, _layout.Format.TimestepScale, _timesteps);
            _timestep.Write(_timesteps);
        }
        else
        {
            _timestep.Fill(timesteps[0] * _layout.Format.TimestepScale);
        }

        Predict();
    }

    // The prediction lies in managed memory, so it can be read afterwards.
    public void Finish() => Dispose();

    // The network remembers nothing from call to call.
    public void Save(BinaryWriter writer)
    {
    }

    public void Restore(BinaryReader reader)
    {
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _run?.Dispose();
        _binding?.Dispose();
        _input?.Dispose();
        _timestep?.Dispose();
        _output?.Dispose();
        _conditions?.Dispose();
        _session.Dispose();
    }

    private void Predict()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_sample is not null)
        {
            _layout.Format.Write(_shape, _sample, _input.Floats);
        }

        _input.Upload();
        bool conditionsChanged = _conditions.Upload();
        if (_rebinds)
        {
            // Binding copies to memory that the library does not reach, so what has changed is bound anew.
            _binding.BindInput(_inputName, _input.Value);
            _binding.BindInput(_timestepName, _timestep.Value);
            if (conditionsChanged)
            {
                _conditions.Bind(_binding);
            }
        }

        _session.Run(_binding, _run);
        _output.Download();
        if (_prediction is not null)
        {
            _layout.Format.Read(_shape, _output.Floats, _prediction);
        }

        Evaluations++;
    }

    private void WriteConcatenated(int row, ReadOnlySpan<float> values)
    {
        int stride = _input.Floats.Length / _shape.Batch;
        int length = stride - _shape.ImageLength;
        for (int i = 0; i < values.Length / length; i++)
        {
            values.Slice(i * length, length).CopyTo(_input.Floats[(((row + i) * stride) + _shape.ImageLength)..]);
        }
    }
}
