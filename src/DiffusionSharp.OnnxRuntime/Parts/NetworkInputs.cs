using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>What a network reads in each call: the sample, with what is concatenated to it, the timestep, and conditions, which are bound once.</summary>
internal sealed class NetworkInputs : IDisposable
{
    private readonly string _path;
    private readonly PredictorLayout _layout;
    private readonly ModelRun _run;
    private readonly ModelBuffer _input;
    private readonly ModelBuffer _timestep;
    private readonly double[] _timesteps;
    private readonly float[]? _sample;
    private readonly List<(string Name, OrtValue Value)> _others = [];
    private BoundConditions _conditions;
    private bool _disposed;

    /// <summary>Allocates and binds the inputs; outputs are the caller's to bind.</summary>
    public NetworkInputs(OnnxSession session, PredictorLayout layout, PredictionPlan plan)
    {
        (_path, _layout, Shape) = (session.Path, layout, plan.Shape);
        int extra = layout.TakesConcatenated && plan.Conditioning[ConditionNames.Concatenated] is { } concatenated ? (int)concatenated.Values.Lengths[1] : 0;
        _timesteps = new double[Shape.Batch];
        _sample = extra > 0 || !layout.Format.IsPlain ? new float[Shape.Length] : null;
        long[] shape = layout.Format.Shape(Shape, Shape.Channels + extra);
        Session = session.Acquire(shape, plan.CancellationToken);
        try
        {
            _run = new ModelRun(plan.CancellationToken);
            Binding = Session.CreateBinding();
            _input = Session.CreateBuffer(layout.Sample, shape);
            _timestep = Session.CreateBuffer(layout.Timestep, layout.Timestep.Rank == 0 ? [] : [layout.Timestep.Fixed(0) ?? Shape.Batch]);
            _conditions = new BoundConditions(Session, layout, plan.Shape, plan.Conditioning);
            SetConditions(0, plan.Conditioning);
            Binding.BindInput(layout.Sample.Name, _input.Value);
            Binding.BindInput(layout.Timestep.Name, _timestep.Value);
            _conditions.Bind(Binding);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SampleShape Shape { get; }

    public SessionLease Session { get; }

    public OrtIoBinding Binding { get; }

    /// <summary>The sample without what is concatenated to it, to be written before a call.</summary>
    public Span<float> Sample => _sample ?? _input.Floats;

    /// <summary>Binds an input that is none of the layout's; its values are the caller's to change.</summary>
    public void Bind(string name, OrtValue value)
    {
        _others.Add((name, value));
        Binding.BindInput(name, value);
    }

    public void SetConditions(Conditioning conditioning)
    {
        ThrowIfDisposed();
        Conditioning complete = _layout.Format.Complete(Shape, conditioning);
        _layout.Check(Shape, complete);
        if (!_conditions.Fit(complete))
        {
            var other = new BoundConditions(Session, _layout, Shape, complete);
            _conditions.Dispose();
            _conditions = other;
            _conditions.Bind(Binding);
        }

        SetConditions(0, complete);
    }

    public void SetConditions(int row, Conditioning conditioning)
    {
        _conditions.Write(row, conditioning);
        if (_layout.TakesConcatenated && conditioning[ConditionNames.Concatenated] is { } concatenated)
        {
            WriteConcatenated(row, concatenated.Values.Values());
        }
    }

    /// <summary>Sets the timestep of all rows.</summary>
    public void SetTimestep(double timestep) => _timestep.Fill(timestep * _layout.Format.TimestepScale);

    /// <summary>Sets the timestep of each row.</summary>
    public void SetTimesteps(ReadOnlySpan<double> timesteps)
    {
        if (timesteps.Length != Shape.Batch || (!_layout.HasTimestepPerRow && timesteps.ContainsAnyExcept(timesteps[0])))
        {
            throw new ArgumentException($"{_path}: expected a timestep for each of {Shape.Batch} rows{(_layout.HasTimestepPerRow ? "" : ", all the same, because the model takes one for all of them")}.", nameof(timesteps));
        }

        if (_layout.HasTimestepPerRow)
        {
            TensorPrimitives.Multiply(timesteps, _layout.Format.TimestepScale, _timesteps);
            _timestep.Write(_timesteps);
        }
        else
        {
            SetTimestep(timesteps[0]);
        }
    }

    /// <summary>Runs the network on what was written.</summary>
    public void Run()
    {
        ThrowIfDisposed();
        if (_sample is not null)
        {
            _layout.Format.Write(Shape, _sample, _input.Floats);
        }

        _input.Upload();
        bool conditionsChanged = _conditions.Upload();
        if (Session.NeedsRebinding)
        {
            // Binding copies to memory that the library does not reach, so what has changed is bound anew.
            Binding.BindInput(_layout.Sample.Name, _input.Value);
            Binding.BindInput(_layout.Timestep.Name, _timestep.Value);
            foreach ((string name, OrtValue value) in _others)
            {
                Binding.BindInput(name, value);
            }

            if (conditionsChanged)
            {
                _conditions.Bind(Binding);
            }
        }

        Session.Run(Binding, _run);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _run?.Dispose();
        Binding?.Dispose();
        _input?.Dispose();
        _timestep?.Dispose();
        _conditions?.Dispose();
        Session.Dispose();
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private void WriteConcatenated(int row, ReadOnlySpan<float> values)
    {
        int stride = _input.Floats.Length / Shape.Batch;
        int length = stride - Shape.ImageLength;
        for (int i = 0; i < values.Length / length; i++)
        {
            values.Slice(i * length, length).CopyTo(_input.Floats[(((row + i) * stride) + Shape.ImageLength)..]);
        }
    }
}
