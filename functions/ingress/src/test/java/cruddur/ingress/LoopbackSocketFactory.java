package cruddur.ingress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/** Lets pgjdbc connect from an address that is not 127.0.0.1. pgjdbc makes it by its name. */
public final class LoopbackSocketFactory extends SocketFactory {
  private final InetAddress source;

  /** A factory of sockets that are bound to a loopback address. */
  public LoopbackSocketFactory(String source) {
    this.source = InetAddress.ofLiteral(source);
  }

  @Override
  public Socket createSocket() throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(source, 0));
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws UnknownHostException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws UnknownHostException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }
}
