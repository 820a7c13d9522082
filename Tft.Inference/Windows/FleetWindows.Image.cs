using Tft.Contract.Servers;
using Tft.Inference.Journal;
using Tft.Inference.Windows.Sources;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

internal sealed partial class FleetWindows
{
    /// <summary>
    /// Appends a server as a snapshot keeps it: window, open buckets, dedup bits, watermarks, and the position in the journal up to which it
    /// stands. Taken beside the writer; false for a retired server.
    /// </summary>
    public bool Export(int server, ImageWriter image)
    {
        ref var head = ref _heads[server];
        var start = image.Length;
        var wait = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref head.Version);
            if ((version & 1) == 0)
            {
                var alive = ExportOnce(server, ref head, image);
                Volatile.ReadBarrier();
                if (Volatile.Read(ref head.Version) == version)
                    return alive;
            }

            image.CutTo(start);
            wait.SpinOnce();
        }
    }

    /// <summary>Takes a server back that <see cref="Export"/> wrote. Only before the first <see cref="Apply"/>.</summary>
    public void Import(ref ImageReader image)
    {
        var name = image.Bytes(image.UInt16());
        var server = _names.Find(name);
        if (server < 0 || _heads[server].Storage < 0)
            server = Begin(server, name, 1);
        ref var head = ref _heads[server];
        BeginWrite(ref head);
        head.Position = image.Int64();
        head.NewestStep = image.Int32();
        head.LastClosed = image.Int32();
        head.FirstStep = image.Int32();
        head.LastRecord = image.UInt32();
        head.LastArrival = image.UInt32();
        head.State = (ServerState)image.Byte();
        var profile = image.Byte();
        head.ProfileSent = profile != Entry.NoProfile;
        if (head.ProfileSent)
            head.Profile = (ServerProfile)profile;
        image.Raw<float>(head.Last);
        ImportSteps(ref head, ref image);
        ImportBuckets(ref head, ref image);
        ImportSlots(ref head, ref image);
        Recount(ref head);
        _due[server] = head.LastClosed < head.NewestStep ? 1u : 0;
        EndWrite(ref head);
    }

    private bool ExportOnce(int server, ref ServerHead head, ImageWriter image)
    {
        var storage = head.Storage;
        if (storage < 0)
            return false;
        var name = _names.Utf8(server);
        image.UInt16((ushort)name.Length);
        image.Bytes(name);
        image.Int64(head.Position);
        image.Int32(head.NewestStep);
        image.Int32(head.LastClosed);
        image.Int32(head.FirstStep);
        image.UInt32(head.LastRecord);
        image.UInt32(head.LastArrival);
        image.Byte((byte)head.State);
        image.Byte(head.ProfileSent ? (byte)head.Profile : Entry.NoProfile);
        image.Raw<float>(head.Last);

        var known = Math.Clamp((int)head.KnownSteps, 0, Steps);
        image.UInt16((ushort)known);
        var states = _storage.States(storage);
        for (var step = head.LastClosed - known + 1; step <= head.LastClosed; step++)
        {
            var cell = (int)((uint)step % Steps);
            image.Byte((byte)states[cell]);
            if (states[cell] != ServerState.Missing)
                image.Raw<float>(_storage.Row(storage, cell));
        }

        foreach (ref readonly var bucket in _storage.Buckets(storage))
        {
            image.Int32(bucket.Step);
            if (bucket.Step == 0)
                continue;
            image.Byte((byte)bucket.State);
            image.Raw<double>(bucket.Sums);
            image.Raw<ushort>(bucket.Counts);
            image.Raw<ushort>(bucket.Newest);
        }

        var more = _storage.Slots(storage);
        image.Byte((byte)(more.Length + 1));
        ExportSlot(in _storage.FirstSlot(storage), image);
        foreach (ref readonly var slot in more.AsSpan())
            ExportSlot(in slot, image);
        return true;
    }

    private void ExportSlot(ref readonly SourceSlot slot, ImageWriter image)
    {
        var source = slot.Source == 0 ? [] : Sources[slot.Source - 1].Utf8;
        image.UInt16((ushort)source.Length);
        image.Bytes(source);
        image.UInt32(slot.Newest);
        image.UInt32(slot.Arrived);
        image.Raw<ulong>(slot.Seen);
    }

    private void ImportSteps(ref ServerHead head, ref ImageReader image)
    {
        _storage.Rows(head.Storage).Fill(float.NaN);
        var states = _storage.States(head.Storage);
        states.Fill(ServerState.Missing);
        int known = image.UInt16();
        for (var step = head.LastClosed - known + 1; step <= head.LastClosed; step++)
        {
            var cell = (int)((uint)step % Steps);
            states[cell] = (ServerState)image.Byte();
            if (states[cell] != ServerState.Missing)
                image.Raw(_storage.Row(head.Storage, cell));
        }
    }

    private void ImportBuckets(ref ServerHead head, ref ImageReader image)
    {
        foreach (ref var bucket in _storage.Buckets(head.Storage))
        {
            bucket.Start(image.Int32());
            if (bucket.Step == 0)
                continue;
            bucket.State = (ServerState)image.Byte();
            image.Raw<double>(bucket.Sums);
            image.Raw<ushort>(bucket.Counts);
            image.Raw<ushort>(bucket.Newest);
        }
    }

    private void ImportSlots(ref ServerHead head, ref ImageReader image)
    {
        int count = image.Byte();
        var more = new SourceSlot[Math.Max(0, count - 1)];
        for (var i = 0; i < count; i++)
        {
            ref var slot = ref i == 0 ? ref _storage.FirstSlot(head.Storage) : ref more[i - 1];
            var source = image.Bytes(image.UInt16());
            slot = new SourceSlot
            {
                Source = source.IsEmpty ? (ushort)0 : (ushort)(Sources.Get(source).Number + 1),
                Newest = image.UInt32(),
                Arrived = image.UInt32(),
            };
            image.Raw<ulong>(slot.Seen);
        }

        _storage.Slots(head.Storage) = more;
    }
}
